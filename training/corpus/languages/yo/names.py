"""First names of the Yoruba: everyday and full forms, Muslim and Christian ones, some of their neighbours'."""

WOMEN = """
Aminat Bísí Fúnmi Yétúndé Ìyábọ̀ Bọ́lá Bùkọ́lá Ṣadé Fọlákẹ́ Tóyìn Títílayọ̀ Abíkẹ́ Àjọkẹ́ Àdùkẹ́ Àlàkẹ́
Àmọ̀kẹ́ Àbẹ̀kẹ́ Àṣàkẹ́ Àyọ̀kẹ́ Àríkẹ́ Àbẹ̀bí Àdùnní Àníkẹ́ Àbẹ̀ní Ọmọ́wùmí Ọmọ́tọ́lá Ọmọ́lará Ìfẹ́olúwa Ọpẹ́yẹmí
Ọláwùmí Ọlábísí Mojísọ́lá Modúpẹ́ Mosúnmọ́lá Morẹ́nikẹ́ Morónkẹ́ Mọrẹ́nikẹ́jì Rónkẹ́ Yẹ́misí Yéwándé
Ìbídùn Ìbùkún Jọkẹ́ Jùmọ̀kẹ́ Kíkẹ́lọmọ Labákẹ́ Níkẹ̀ẹ́ Oyínkánsọ́lá Oyèlọlá Ṣùbòmí Tèmítọ́pẹ́ Tèmílolúwa
Tólúlọpẹ́ Wúràọlá Yéjídé Yínká Fadékẹ́ Fẹ́yíṣàyọ̀ Fúnkẹ́ Fúnmiláyọ̀ Dúpẹ́ Dọlápọ̀ Dámilọ́lá Adérónkẹ́ Adéọlá
Adénìkẹ́ Adébísí Adébímpé Bímpé Bùsáyọ̀ Bùsọ́lá Bọ́láńlé Ẹniọlá Fọlásadé Fọláṣadé Ìfẹ́dayọ̀ Ìretí Ìwàlewà
Kẹ́mi Olúwakẹ́mi Olúfúnkẹ́ Olúṣọlá Olúbùnmi Bùnmi Ọlájùmọ̀kẹ́ Ọmọ́bọ́láńlé Ọmọ́ṣaléwá Pẹ̀lúmi Ràyọ̀ Rẹ̀mí Ṣẹ̀yẹ
Ṣọ́lápé Tánwá Tinúkẹ́ Tinúọlá Tọ́míṣìn Tóbilọ́ba Mofólúwaṣọ́ Mobọ́láńlé Àìná Àbíọ́nà Táíwò Kẹ́hìndé Ìdòwú Àlàbá
Sekinat Risikat Rukayat Kudirat Basirat Fatimo Monsurat Simbiat Wasilat Sidikat Rafiat Muinat Nofisat Latifat
Ganiyat Aishat Barakat Halimat Jemilat Zainab Màríà Ẹ́sítà Rúùtù Dèbórà Sárà Rẹ̀bẹ́kà Lídíà Hánà Mátà Ánà
Grace Blessing Joy Mercy Peace Gloria Esther Deborah Ngozi Chioma Amaka Nneka Hadiza Hauwa Efe Itohan
""".split()

MEN = """
Akeem Adé Túndé Ṣẹ́gun Káyọ̀dé Fẹ́mi Dèjì Wálé Kúnlé Kọ́lá Gbénga Dàpọ̀ Lékan Níyì Jídé Bọ́dé Bánjí Bàyọ̀ Akin
Akíntúndé Akínwálé Akínọlá Akínyẹmí Akínwùmí Àkànní Àkànbí Àjàyí Àjàní Àlàbí Àlàó Àyìndé Àdìgún Àlàdé Àkàndé Àrẹ̀mú
Ìṣọ̀lá Dàda Babátúndé Babájídé Olúwaṣeun Olúmídé Olúkáyọ̀dé Olúfẹ́mi Olúwọlé Olúmúyìwá Olúṣẹ́gun Olúdáre
Ọladélé Ọládàpọ̀ Ọládiméjì Ọlálékan Ọláńrewájú Ọlátúnjí Ọlátúndé Ọláwálé Ọláolú Adébáyọ̀ Adébọ̀wálé Adégòkè
Adéníyì Adékúnlé Adéṣínà Adétúnjí Adéwálé Adéyẹmí Adélékè Adémọ́lá Adérẹ̀mí Adétòkunbọ̀ Tòkunbọ̀ Oyèwálé Oyèníyì
Oyètúnjí Oyèdélé Oyèkúnlé Ayọ̀délé Ayọ̀dèjì Ayọ̀bámi Ayọ̀kúnlé Fọlárìn Fọlọ́runṣọ́ Ìbíkúnlé Mákindé Ògúndélé
Ògúnbíyì Ògúnlànà Ṣínà Ṣọlá Ṣeun Táyọ̀ Táíwò Kẹ́hìndé Tọ́lá Tọ́pẹ́ Tólú Tósìn Yẹmí Yínká Yọ̀mí Dámiláre Ìyanu
Ìdòwú Àlàbá Àìná Rótìmí Gbọ́láhàn Gbádébọ̀ Bíọ́dún Abíọ́dún Abíọ́lá Abíọ́nà Ìfẹ́tàyọ̀ Jìmọ̀ Làmídì Músá
Súlè Ràṣídì Ràímì Sàlámì Bàkàrè Abúdù Làsísì Gàníyù Múráínà Jòhánù Pétérù Pọ́ọ̀lù Dáfídì Jósẹ́fù Jákọ́bù
Sámúẹ́lì Dáníẹ́lì Ìsáákì Ábúráhámù Sólómọ́nì Tímótíù Fílípì Símónì Mátíù Máàkù Lúùkù Tọ́másì Stífánù
Saheed Rasheed Wasiu Taofeek Kamorudeen Kazeem Lukman Mutiu Nurudeen Sulaimon Ismail Ibrahim Yusuf Qudus
Samuel Emmanuel Daniel Michael Victor Sunday Monday Chidi Emeka Obinna Uche Musa Sani Osaze Etim
""".split()

"""First names as one meets them in Turkish problems; `READINGS` where a suffix goes by the sound, not the letters."""

FEMALE = """
Zeynep Ayşe Fatma Elif Merve Emine Hatice Esra Büşra Kübra Selin Defne Ece Ela Zehra Meryem Sude Nehir Azra Eylül Ecrin
Hiranur Asya Duru Lina Ada Nil Deniz Irmak Derya Damla Yağmur Bahar Çiçek Gül Gülşen Gülay Gülsüm Nur Nurcan Nuray Aslı
Aslıhan Aysel Ayten Aylin Ayça Aydan Aysun Begüm Berna Beyza Buse Burcu Canan Cansu Ceren Ceyda Çağla Demet Dilan Dilara
Dilek Ebru Eda Esma Ezgi Fadime Feride Feyza Figen Funda Gamze Gizem Gonca Gözde Hale Hande Havva Hazal Hilal Hülya İpek
İrem İclal Jale Kader Kamile Leyla Lale Makbule Melek Melike Melis Melisa Mine Müge Naz Nazlı Necla Neslihan Nihal Nilay
Nilgün Oya Özge Özlem Pelin Pınar Reyhan Rabia Rüya Sabiha Saliha Seda Sedef Selma Sema Semra Senem Serap Sevda Sevgi Sevim
Sezen Sibel Sinem Songül Suna Şeyma Şule Şirin Tuğba Tuğçe Tülay Tuba Ülkü Yasemin Yeliz Yeşim Yıldız Zeliha Zuhal Betül
Şevval Miray Mira Masal Rana Nisa Nazan Perihan Türkan Ümmühan Güneş Hayriye Cemile Halime Hacer Berivan Rojda Zilan
Maria Anna Emma Sara Olivia Sofia Emily Lily Lucy Mary Sarah Jane Alice Julia Kate Grace Laura Nancy Jessica Jennifer Betty
Molly Wendy Amy Rachel Linda Anita Elena Natalia Carmen Mia Chloe Amina Aisha Wanjiru Sakura Priya
""".split() + ["Ayşe Hanım", "Fatma Hanım", "Zehra Hanım", "Elif Öğretmen", "Emine Teyze", "Hatice Nine", "Selma Hanım"]

MALE = """
Ahmet Mehmet Mustafa Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer Ramazan Halil Süleyman Abdullah Mahmut Recep
Salih Fatih Kadir Emre Hakan Kerem Yiğit Efe Eymen Miraç Emir Mert Arda Berat Çınar Poyraz Alp Alparslan Aras Atlas Ayaz
Batuhan Baran Barış Berk Berkay Berke Bora Buğra Burak Can Caner Cem Cemal Cengiz Cenk Cihan Çağan Çağrı Deniz Devrim Doğan
Doğukan Doruk Ediz Ege Ekrem Emin Emirhan Engin Enes Ercan Erdem Eren Erhan Erkan Erol Ertuğrul Ferhat Fırat Furkan Gökhan
Görkem Güney Hamza Harun Haydar Hikmet Ilgaz İlker İlhan İrfan Kaan Kemal Kenan Koray Kuzey Levent Mete Melih Metin Mesut
Muhammed Musa Nazım Necati Nihat Nuri Oğuz Oğuzhan Okan Onur Orhan Orkun Ozan Özgür Rauf Rıza Rıfat Rüzgâr Sadık Samet Sami
Sarp Savaş Selim Semih Serdar Serkan Sinan Suat Şahin Şenol Talha Tamer Taner Tarık Tolga Toprak Tuna Tunç Turgut Uğur Umut
Utku Ümit Vedat Veli Veysel Volkan Yaman Yasin Yavuz Yılmaz Yunus Zafer Zeki Bilal Celal Cevdet Feyyaz Azad Şivan
Tom John Michael David James Robert William Daniel Jack Charlie Peter Paul Mark Luke Sam George Harry Tony Alex Kevin
Brian Eric Jason Andy Fred Bill Bob Jim Tim Josh Carlos Juan Jose Pablo Marco Luis Hans Ivan Omar Hamid Kofi Liam Noah Oscar
Henry Leo Max Jerry Steve Mike Jake Adam Frank
""".split() + ["Ahmet Bey", "Mehmet Bey", "Hasan Amca", "Ali Dede", "Kemal Bey", "Osman Amca", "Murat Öğretmen", "Veli Usta"]

READINGS = {
    "Hilal": "hilel", "Nihal": "nihel", "Zuhal": "zuhel", "İclal": "iclel", "Şevval": "şevvel", "Cemal": "cemel",
    "Kemal": "kemel", "Bilal": "bilel", "Celal": "celel", "Jane": "ceyn", "Alice": "alis", "Kate": "keyt",
    "Grace": "greys", "Rachel": "reyçıl", "Michael": "maykıl", "James": "ceyms", "Charlie": "çarli", "Luke": "luk",
    "George": "corc", "Steve": "stiv", "Mike": "mayk", "Jake": "ceyk", "Brian": "brayn", "Noah": "noa", "Sarah": "sara",
    "Chloe": "kloi", "Amy": "eymi", "Josh": "coş", "Paul": "pol", "Juan": "huan",
}  # fmt: skip

"""First names of Kenya, Tanzania and their neighbours."""

WOMEN = """
Asha Amina Fatuma Mwanaisha Zainabu Halima Rehema Neema Zawadi Subira Pendo Upendo Furaha Mwajuma
Saida Zuhura Khadija Maryam Mariamu Salma Aisha Hadija Habiba Rukia Rahma Mwanahamisi Mwanaidi Siti
Latifa Nuru Saumu Bahati Imani Tumaini Faraja Baraka Wambui Wanjiku Njeri Wangari Nyambura Wairimu
Muthoni Waithera Wanjiru Nyokabi Akinyi Atieno Achieng Adhiambo Awino Anyango Auma Nekesa Naliaka
Nafula Nasimiyu Chebet Chepkoech Jepkosgei Cherono Jebet Kemunto Moraa Kerubo Bosibori Kwamboka
Mwende Mumbua Kalondu Nduku Syombua Makena Kendi Kagendo Karimi Naisiae Nashipae Resian Wakesho
Mkawasi Mshai Mbeyu Kadzo Kache Nyamizi Nyabuso Nyamvula Sijali Anna Maria Grace Mercy Joyce Esther
Ruth Agnes Lucy Janet Martha Elizabeth Beatrice Eunice Lilian Eva Winfrida Consolata Theresia
Perpetua Veronica Monica Judith Uwase Ingabire Keza Mutesi Nakato Babirye Namukasa Nalwanga Nyakio
Zena Zubeda Zaituni Zulfa Shamsa Tausi
""".split()

MEN = """
Juma Hamisi Rashidi Omari Bakari Selemani Athumani Ramadhani Saidi Musa Isa Yusufu Ibrahimu Abdalla
Hassani Husseni Salimu Mohamedi Khamis Jumanne Mwinyi Kombo Haji Shabani Rajabu Idi Masudi Seif
Nassoro Faraji Sefu Baraka Amani Tumaini Imani Furaha Bahati Jabari Chausiku Kamau Mwangi Kariuki
Njoroge Kimani Maina Karanja Ndungu Gitonga Macharia Mutua Musyoka Kioko Mwendwa Kyalo Wambua Otieno
Ochieng Odhiambo Onyango Omondi Okoth Ouma Owino Opiyo Wafula Wanyonyi Simiyu Barasa Wekesa Mukhwana
Kiprono Kipchoge Kiplagat Cheruiyot Koech Rotich Langat Mogaka Nyaboga Ombati Momanyi Murithi Mwiti
Kirimi Muriuki Lekishon Saitoti Mwakio Mwadime Katana Karisa Kazungu Charo Mrisho Masanja Shija
Machibya Mabula Maganga Kasongo Mwakyusa Lusekelo Ngowi Mushi Massawe Lyimo Mollel Laizer John Peter
Joseph Paulo Petro Yohana Yakobo Daudi Danieli Samweli Emanueli Elia Stefano Luka Marko Mathayo
Filipo Tomaso Andrea Simoni Isaya Yona Nuhu Habimana Mugisha Nshuti Okello Mukasa Kato Wasswa
Ssempala Mugabo Zuberi Zakaria Zahoro Makame Pandu Vuai Kheri Sabiti
""".split()

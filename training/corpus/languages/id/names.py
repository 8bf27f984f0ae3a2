"""Given names of Indonesia (Javanese, Sundanese, Batak, Balinese, Minang, Muslim, Christian, Chinese families).

None of them is a word for a thing or a number of these problems ("Bunga", "Intan").
"""

FEMALE = """
Ani Siti Dewi Sari Rina Rini Wati Yanti Lestari Putri Ayu Nur Nurul Aisyah Fatimah Khadijah Zahra Nadia Nabila Salsabila Aulia
Annisa Dian Dina Dini Dinda Fitri Fitria Indah Ika Ita Ina Ira Irma Kartika Kartini Laila Lina Lisa Lia Linda Maya Mega Mira Mita
Nia Nina Nita Novi Novita Puspita Rahma Rahmi Ratih Ratna Retno Ria Rika Risa Rosa Sinta Shinta Sri Susi Susanti Tari Tina Titin
Tuti Utami Vina Vita Wulan Wulandari Yani Yuli Yulia Yuni Yunita Zaskia Zulaikha Amelia Anggun Anita Astuti Asih Astri Bella Citra
Cici Desi Diah Eka Eni Erna Erni Esti Evi Farah Feby Gita Hana Hani Hesti Husna Ningsih Jihan Julia Kirana Laras Larasati Lilis Lulu
Made Komang Luh Kadek Marlina Maria Martha Melani Melisa Murni Nadine Naila Nanda Nani Niken Nuraini Okta Olivia Rani Rara Resti
Rosita Ruth Safira Safitri Salma Sekar Selvi Septi Sumi Sulastri Surti Tantri Tasya Tika Tiara Tri Umi Uci Wiwin Yeni
Butet Tiur Rotua Uli Upik Icha Keisha Alya Kayla Aqila Hasna Meilani Mei Lin Yohana Debora Ester Grace Kezia Agnes Theresia
""".split()

MALE = """
Budi Andi Ali Agus Ahmad Amir Anton Arif Asep Bagas Bambang Bayu Beni Bima Boni Cahyo Candra Dedi Deni Dimas Dito Dodi Doni Edi
Eko Fajar Faisal Fahmi Farhan Ferdi Galih Gilang Guntur Hadi Hasan Hendra Heri Hidayat Husein Ilham Imam Indra Iwan Irfan Ivan
Jaka Joko Jono Johan Karim Kevin Krisna Lukman Made Malik Marwan Maulana Muhammad Nanda Nanang Nugroho Nyoman Pandu Putra Putu
Raden Rafi Rahmat Rama Ramadan Rangga Reza Ridwan Rizki Rizal Robi Rudi Rusdi Ryan Satria Slamet Soni Sugeng Surya Sutrisno Syahrul
Taufik Teguh Tono Toni Toto Tomi Udin Umar Usman Wahyu Wawan Wayan Wisnu Yanto Yoga Yogi Yudi Yusuf Zaki Zainal Zulkifli Aldi Aditya
Adi Akbar Alif Alfian Anwar Ardi Arya Aris Azka Basuki Bowo Catur Danu Daffa Dika Dwi Eka Endra Fauzi Firman Gede Gunawan
Halim Hafiz Hafidz Haris Harun Hamzah Ibnu Ihsan Ismail Jamal Jefri Kadek Ketut Komang Koko Kurniawan Lutfi Mamat Naufal Pras Prasetyo
Rasyid Rendi Riko Rio Roni Samsul Sandi Sigit Soleh Suparman Sule Tegar Tirta Ucok Poltak Togar Tigor Bonar Ujang Vino Wira Yono
Yosua Daniel David Samuel Yohanes Petrus Markus Lukas Stefanus Michael Kornelius Melki Frans Hengki Liem Wei
""".split()

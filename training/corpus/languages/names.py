"""First names of many cultures in Latin letters, for every language that is written in them."""

FEMALE = """
Aaliyah Abena Adaeze Adele Agnes Aiko Aisha Akua Alejandra Alice Alma Amara Amelia Amina Amira Ana Anaïs
Andrea Anh Anita Anjali Anna Anneke Antonia Anya Ariana Asha Astrid Ava Aylin Ayumi Beatriz Bella Berta
Bianca Binta Birgit Brigitte Camila Carla Carmen Caroline Cecilia Chantal Chiara Chidinma Chloe Clara
Claudia Daniela Deepa Diana Divya Dorothy Ebele Elena Elif Elisa Elizabeth Ella Emilia Emily Emma Esra Esther
Eva Farah Fatima Fatou Fernanda Fiona Frida Gabriela Ganna Gita Giulia Grace Greta Habiba Hana Hanh Hannah
Harriet Hatice Heidi Helen Hina Hoa Ida Imani Ines Ingrid Irene Irina Isabel Ivana Jamila Jane Jasmine Jenny
Jing Johanna Josephine Julia Juliette Kalina Karen Karin Katarina Kate Keiko Khadija Lan Lara Laura Layla Leah
Leila Lena Leticia Lily Linda Linh Lola Lucía Lucy Luisa Maha Mai Malika Margaret Maria Mariam Marie Marta Mary
Maya Mei Meera Mercy Mila Mina Minh Miriam Monica Nadia Naomi Natalia Neha Ngozi Nia Nicole Nina Noor Nora
Olga Olivia Paula Pauline Petra Pilar Priya Rachel Rania Rebecca Renata Rita Rosa Rose Ruth Sabine Sakura Salma
Samira Sandra Sara Seda Selma Shanice Shreya Sofía Sonia Sophie Stella Sunita Susan Svetlana Tanya Teresa
Thandi Tina Trang Uma Ursula Valentina Vanessa Vera Victoria Violet Wanjiru Wangari Xiomara Yara Yasmin Yemi Yoko
Yuki Zahra Zainab Zara Zawadi Zeynep Zoe Zuri
""".split()

MALE = """
Aaron Abdul Adam Adebayo Ahmed Akira Alan Albert Alberto Alejandro Alex Ali Amadou Amir Andreas Andrés Andrew
Anton Antonio Arjun Arthur Arun Baraka Benjamin Bernd Bilal Bob Boris Brian Bruno Can Carlos Charles Chen Chidi
Chinedu Christian Daisuke Daniel David Deepak Dennis Diego Dmitri Eduardo Edward Elias Emeka Emil Emre Eric
Ernesto Ethan Fabian Farid Felix Femi Fernando Finn Francisco Frank Fritz Gabriel George Gerald Giovanni
Gustav Hakim Hamza Hans Haruto Hassan Henri Henry Hiroshi Hugo Hussein Ian Ibrahim Idris Igor Ivan Jabari Jack Jacob Jake
James Jan Javier Jens Jerome Jin Joao Joel John Jomo Jonas Jorge José Joseph Juan Juma Kamal Kamau Karim Karl
Keith Kenji Kevin Khalid Kiran Klaus Kofi Kojo Kwame Lars Leo Leon Liam Long Lorenzo Louis Luca Lucas Luis Lukas
Mahmoud Malik Manuel Marco Mark Martin Mateo Matthew Max Mehmet Michael Miguel Mohammed Moussa Mustafa Mwangi
Nabil Nam Naveen Nico Nikolai Noah Nuno Obinna Olaf Oliver Omar Oscar Otieno Otto Pablo Patrick Paul Pavel Pedro
Peter Philip Pierre Quang Rafael Rahul Raj Ramon Ravi Raymond Ricardo Richard Robert Roberto Rohan Roman
Ryan Said Salim Sam Samuel Sanjay Santiago Sean Sebastian Segun Serge Sergio Simon Stefan Steven Sunil
Sven Tariq Tendai Theo Thomas Tim Tobias Tom Tomás Tunde Umar Victor Vijay Viktor Vincent Vikram Walter Wei
William Xavier Yannick Yaw Yusuf Zane
""".split()

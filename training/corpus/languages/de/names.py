"""First names as they are heard in schools in Germany, Austria and Switzerland, and from further away."""

FEMALE = """
Anna Lena Emma Mia Hannah Sophie Lea Marie Lina Clara Klara Ella Frieda Ida Greta Johanna Paula Charlotte Luisa
Laura Julia Sarah Lisa Katharina Nina Nele Pia Leonie Amelie Antonia Theresa Mathilda Marlene Helena Elisa Emilia
Amelia Leni Lotta Merle Jana Franziska Annika Maja Miriam Magdalena Veronika Rosa Elena Eva Maria Martha Victoria
Sabine Petra Monika Ursula Renate Helga Ingrid Gisela Karin Brigitte Heike Claudia Andrea Susanne Birgit Silke
Anja Tanja Kerstin Nicole Stefanie Melanie Christina Daniela Sandra Simone Ulrike Anke Gudrun Heidi Vreni Ursina
Svenja Wiebke Frauke Imke Carla Carolin Isabel Josefine Pauline Ronja Finja Jule Mara Mila Romy Stella Thea Zoe
Elif Zeynep Ayşe Fatma Aylin Defne Ebru Merve Leyla Amina Fatima Yasmin Noor Layla Maryam Samira Zahra Shirin Nesrin
Rojin Agnieszka Kasia Zofia Olga Natalia Oksana Ljudmila Irina Svetlana Milena Jelena Ana Ivana Dragana Chiara Giulia
Francesca Carmen Lucía Sofia Beatriz Inês Chloé Camille Nadine Mai Linh Thi Mei Yuki Hana Sakura Priya Anjali Meera
Divya Abena Amara Ngozi Wanjiru Zuri Imani Ifeoma Thandi Eleni Ioana Katalin Astrid Freya Saoirse Hatice Selma Mirjeta
""".split()

MALE = """
Ben Paul Leon Finn Jonas Luca Felix Noah Elias Max Moritz Anton Jakob Emil Oskar Theo Karl Henri Matteo Liam Lukas
Tim Jan Tom Nico Niklas Philipp David Simon Julian Fabian Florian Sebastian Alexander Maximilian Johannes Lorenz
Leonard Konstantin Vincent Valentin Jannik Lennart Mats Bruno Kurt Hannes Mika Till Ole Hauke Torben Malte Sören
Peter Thomas Michael Andreas Stefan Wolfgang Klaus Jürgen Günter Werner Manfred Dieter Bernd Uwe Frank Holger Jörg
Ralf Rainer Martin Christian Markus Matthias Oliver Thorsten Sven Lars Dirk Marco Daniel Patrick Dennis Marcel Kevin
Dominik Tobias Benedikt Xaver Alois Sepp Reto Urs Beat Gregor Friedrich Heinrich Georg Ludwig Otto Erik Gustav
Mehmet Ahmet Mustafa Emre Can Kerem Yusuf Murat Deniz Umut Baran Ali Hassan Omar Karim Amir Reza Farid Samir Tarek
Bilal Ibrahim Mohammed Jusuf Piotr Marek Paweł Tomasz Iwan Dmitri Sergej Igor Milan Marko Nikola Luka Goran
Giovanni Lorenzo Carlos Diego Mateo João Pierre Louis Antoine Minh Nam Duc Wei Chen Hiroshi Kenji Raj Arjun Ravi
Kofi Kwame Chidi Emeka Juma Baraka Tendai Jabari Nikos Andrei László Magnus Anders Sean Aaron Samuel Rafael Josef
""".split()

"""First names as one hears them in French problems: France, Quebec, Belgium, the Maghreb, West and
Central Africa, Haiti, Vietnam, and neighbours from elsewhere."""

FEMALE = """
Lina Adèle Adjoua Agathe Agnès Aïcha Aïssata Akissi Alice Alix Amandine Amélie Amina Aminata Anaïs Andrée
Anne Annick Apolline Assa Assia Astrid Audrey Aurélie Aurore Awa Aya Béatrice Bérénice Bintou Brigitte
Camille Capucine Carine Carole Caroline Catherine Cécile Céline Chantal Charlotte Chloé Christelle Claire
Clara Clémence Coline Colette Constance Coralie Coumba Delphine Denise Diane Dominique Dorothée Edwige
Élise Élodie Éloïse Emma Emmanuelle Estelle Esther Eugénie Ève Fabienne Fanny Farida Fatima Fatou Fatoumata
Félicité Flavie Florence Fleur Françoise Gabrielle Geneviève Ghislaine Giulia Hawa Héloïse Hélène Hortense
Imane Inès Ingrid Irène Isabelle Iris Jade Jacqueline Jeanne Jocelyne Joséphine Judith Julie Juliette Justine
Kadiatou Karima Khadija Kim Laetitia Laura Laurence Léa Leïla Léonie Linh Lise Louane Louise Lou Lucie Lucile
Madeleine Maëlys Maëlle Maïmouna Malika Manon Margaux Marguerite Marianne Mariam Marie Marine Marion Marthe
Martine Mathilde Mélanie Mélissa Mireille Monique Morgane Myriam Nadège Nadia Naïma Nathalie Nawal Ninon Noémie
Nolwenn Océane Odette Odile Olga Oumou Pascale Patricia Paulette Pauline Pénélope Rachida Ramata Raphaëlle
Rokia Romane Rosalie Roxane Sabrina Safiatou Salimata Salma Samia Sandrine Sara Séverine Simone Solange Solène
Sofia Sonia Sophie Suzanne Sylvie Tatiana Thérèse Tiphaine Valérie Véronique Victoire Violette Virginie Wassila
Xuan Yaëlle Yasmine Yolande Yvette Yvonne Zahra Zélie Zineb Zoé
""".split()

MALE = """
Hugo Abdoulaye Achille Adama Adrien Aimé Alain Albert Alexandre Alexis Ali Alioune Alphonse Amadou Ambroise
Amine Anatole André Anthony Antoine Armand Arnaud Arsène Arthur Aubin Auguste Aurélien Axel Ayoub Aziz Baptiste
Basile Bastien Benjamin Benoît Bernard Bertrand Bilal Blaise Boubacar Brice Bruno Cédric Célestin Charles
Cheikh Christian Christophe Claude Clément Corentin Cyril Daniel David Denis Désiré Didier Diego Dieudonné
Drissa Edgar Édouard Élie Émile Emmanuel Enzo Éric Ernest Étienne Eugène Fabien Fabrice Farid Félix Ferdinand
Fernand Firmin Florian Francis François Frédéric Gabriel Gaël Gaspard Gaston Gauthier Georges Gérard Germain
Ghislain Gilles Grégoire Guillaume Gustave Guy Habib Hamidou Hamza Henri Hervé Hubert Ibrahima Idriss Ilyès
Isidore Ismaël Issa Jacques Jad Jamel Jean Jérémy Jérôme Jonathan Jordan Joseph Joël Jules Julien Kaïs Karim
Kévin Khalil Kouadio Kouamé Koffi Lamine Laurent Léo Léon Léopold Lionel Loïc Louis Luc Lucas Lucien Ludovic
Maël Mahamadou Malik Mamadou Marc Marcel Marius Martin Mathéo Mathieu Mathis Matthias Maurice Maxence Maxime Mehdi
Michel Minh Modibo Mohamed Moussa Nabil Nathan Nicolas Noé Noël Octave Olivier Omar Oscar Ousmane Pascal Patrice
Patrick Paul Philippe Pierre Quentin Rachid Raoul Raphaël Rayan Raymond Rémi René Robert Robin Rodrigue Roger
Roland Romain Sacha Salif Samba Samir Samuel Saïd Sébastien Sékou Serge Seydou Simon Souleymane Stéphane Sylvain
Théo Théodore Thibault Thierry Thomas Timothée Tom Tristan Ulysse Valentin Valéry Victor Vincent Wassim William
Xavier Yacine Yanis Yann Yannick Youssef Yves Yvan Zacharie
""".split()

"""Given names of Brazil, Portugal and Portuguese-speaking Africa."""

FEMALE = """
Ana,Maria,Beatriz,Júlia,Juliana,Mariana,Fernanda,Camila,Amanda,Larissa,Letícia,Gabriela,Rafaela,Isabela,Isabel,Sofia,
Helena,Alice,Laura,Valentina,Manuela,Cecília,Luísa,Luiza,Heloísa,Lívia,Lorena,Giovana,Giovanna,Yasmin,Clara,Ana Clara,
Maria Clara,Ana Luíza,Maria Eduarda,Ana Paula,Ana Júlia,Maria Luísa,Eduarda,Vitória,Bianca,Bruna,Carolina,Catarina,
Daniela,Débora,Eliane,Elisa,Emília,Érica,Estela,Eva,Fabiana,Fátima,Flávia,Francisca,Glória,Graça,Inês,Irene,Ivone,
Jaqueline,Jéssica,Joana,Josefa,Jussara,Karina,Kátia,Lara,Laís,Leila,Lídia,Lúcia,Luana,Luciana,Luzia,Madalena,Mafalda,
Marcela,Márcia,Margarida,Marina,Marisa,Marta,Matilde,Mayara,Michele,Milena,Mirela,Mônica,Natália,Neusa,Nicole,Olívia,
Paloma,Patrícia,Paula,Pietra,Priscila,Raquel,Rebeca,Regina,Renata,Rita,Roberta,Rosa,Rosana,Rute,Sabrina,Sandra,Sara,
Sílvia,Simone,Solange,Sônia,Stefany,Susana,Tainá,Talita,Tânia,Tatiana,Teresa,Thaís,Vanessa,Vera,Verônica,Vilma,
Viviane,Zélia,Iara,Jandira,Moema,Leonor,Carlota,Benedita,Conceição,Aparecida,Cremilda,Domingas,Graciete,Núria,Cátia,
Alícia,Antonella,Ágata,Aline,Adriana,Alessandra,Andreia,Antônia,Agatha,Bárbara,Cíntia,Cristina,Dalva,Denise,Dulce
""".replace("\n", "").split(",")

MALE = """
João,José,Pedro,Lucas,Gabriel,Mateus,Matheus,Rafael,Felipe,Filipe,Gustavo,Guilherme,Bruno,Thiago,Tiago,Diego,Diogo,
Rodrigo,Ricardo,Roberto,Renato,Fernando,Francisco,Antônio,Carlos,Paulo,Luís,Luiz,Marcos,Marcelo,Márcio,Maurício,Miguel,
Arthur,Artur,Heitor,Davi,Bernardo,Samuel,Enzo,Lorenzo,Théo,Nicolas,Benício,Henrique,Caio,Caíque,Vinícius,Vítor,Victor,
Leonardo,Leandro,Alexandre,Alex,Anderson,André,Augusto,Breno,César,Cláudio,Cristiano,Daniel,Danilo,Douglas,Edson,
Eduardo,Elias,Emanuel,Emerson,Érico,Estêvão,Evandro,Everton,Fábio,Fabrício,Flávio,Geraldo,Gilberto,Gonçalo,Hélio,Hugo,
Igor,Isaac,Israel,Ítalo,Ivan,Ivo,Jaime,Jair,João Pedro,João Vítor,Joaquim,Jonas,Jorge,José Carlos,Juliano,Júlio,Kauã,
Kleber,Leonel,Levi,Lourenço,Luan,Luciano,Manuel,Manoel,Marco,Mário,Martim,Mauro,Milton,Moisés,Murilo,Nélson,Nuno,
Octávio,Otávio,Orlando,Osvaldo,Oscar,Pablo,Patrício,Raimundo,Ramon,Raul,Reinaldo,Rogério,Romário,Ronaldo,Rubens,Rui,
Salvador,Sandro,Sebastião,Sérgio,Severino,Silvio,Simão,Tales,Tomás,Ubiratan,Valter,Vicente,Wagner,Wallace,Walter,
Washington,Wesley,William,Yago,Yuri,Zeca,Afonso,Adriano,Alan,Alberto,Amadeu,Aurélio,Armando,Baltazar,Bento,Celso,
Dionísio,Edmilson,Eugênio,Cauã,Peri,Raoni,Kaique,Domingos,Feliciano,Benedito
""".replace("\n", "").split(",")

// Which side of a word list is English: its column has the words that every English list has.

const frequent = new Set(
  (
    'a about after again all also always and animal answer apple ask at away back bad bag be because bed before ' +
    'begin big bird black blood blue boat body book both bottle box boy bread bring brother build bus but buy by ' +
    'call can car cat chair cheap child children city clean close cloth coat cold color come cook cost count cow cup ' +
    'cut dance dark daughter day dead deep die different do doctor dog door down drink drive dry each ear earth eat ' +
    'egg eight empty end evening every eye face fall family far farmer fast father feet few field fifteen fifty fill ' +
    'find fire first fish five flower fly food foot for forest forget four friend from fruit full game garden girl ' +
    'give glass go gold good grass great green ground group grow hair half hand happy have he head hear heart heavy ' +
    'help here high hold home horse hospital hot hour house how hundred hungry husband i ice if in iron is it job ' +
    'keep key kill king know lake land language large last laugh leaf learn leave left less letter life light like ' +
    'listen little live long look lose love low lunch make man many market meat meet milk minute money month moon more ' +
    'morning mother mountain mouth much music my name near neck need new night nine no nose not now number of oil old ' +
    'on one open or orange other out paper pay pen people person picture place plant play please price pull push put ' +
    'question quick rain read red remember rice right river road room run sad salt same sand say school sea see seed ' +
    'sell send seven she shirt shoe shop short sing sister sit six sky sleep slow small smoke snow soil some son song ' +
    'speak stand star stone stop story street strong sugar sun swim table take tall teacher ten thank that the their ' +
    'they thing think this three time to today tomorrow tooth train travel tree twelve twenty two under up very ' +
    'village voice wait walk wall want warm wash water way we wear week well wet what when where white who why wide ' +
    'wife wind window winter with woman wood word work world write year yellow yes yesterday you young'
  ).split(' '),
);

/** Cells that are looked at. */
const sample = 4000;

/**
 * How English a column is: the share of its cells that are frequent English words. Word lists of another
 * language have a few by chance ("die", "on"), English ones one in five to one in fifty.
 * @param column cells of a column, any case
 */
export function englishness(column: readonly string[]): number {
  const step = Math.max(1, Math.floor(column.length / sample));
  let seen = 0;
  let known = 0;
  for (let index = 0; index < column.length; index += step) {
    seen++;
    // "to buy" and "the house" are English too.
    if (frequent.has((column[index] ?? '').toLowerCase().replace(/^(?:to|the|an?) /, ''))) known++;
  }
  return seen === 0 ? 0 : known / seen;
}

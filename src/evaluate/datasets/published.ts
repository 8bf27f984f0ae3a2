// Sizes and SHA-256 of the published files at the commits that table.ts names: what is fetched is these or nothing.
import type { FileRecord } from '../../bundle/integrity.ts';

export const mgsmFiles: Readonly<Record<string, FileRecord>> = {
  bn: { bytes: 156684, sha256: '6b00bc7cc635547e866989284afa924d789b5affa2eb8de623c385dd943ad977' },
  de: { bytes: 69640, sha256: '4dfea30fede44b813e2e496f5f0534049e83c7cc8aed6e00600b30ec62053626' },
  en: { bytes: 61299, sha256: '50021d0f28cc957edcb44e7806425b1c7fbd648ddcb9e0a8ec689d10e57d40fa' },
  es: { bytes: 66896, sha256: '5bd27ebdf00140cec845c5298dc17715f5cd57d8edda6df1976db40bf3f0750a' },
  fr: { bytes: 69141, sha256: '36207c1c03fd7cd3ea491441eb755408199f94e4a647851df531bbaedc99d606' },
  ja: { bytes: 81043, sha256: '59a2b50debe77981fd784cb3b2bef1505e3abf2a37116dc9d7a366ab029b4637' },
  ru: { bytes: 110953, sha256: '6bd30fd2e80c5bac23f566fb4ae0e6a55a19578401fbf9a01fb21beb3645fef8' },
  sw: { bytes: 67456, sha256: '2bac828d77229e65d7c7197b1ad4a2cb5b1fe99b163f2cbdd66501de6a2115c4' },
  te: { bytes: 176547, sha256: 'dd6b1452c244bb2e4ba254c01ea84137f80c1cefc57d69c23b0ed88b9c0f36b7' },
  th: { bytes: 151921, sha256: 'f3932dc5ad8e9d0ea82b017adc1e1461dd647af861e7166d6741986602a0cfd6' },
  zh: { bytes: 57838, sha256: 'b2fa63151022370a0de1f4211c8c284eae74b0f5a3b003b1d5982c0d4a73f661' },
};

export const msvampFiles: Readonly<Record<string, FileRecord>> = {
  bn: { bytes: 644605, sha256: 'd1c0bb8e3a93127bdffab516ef9bb739ae5007f9071ae97c447c294b1fd65e82' },
  de: { bytes: 430816, sha256: 'f5b854da48da762163fb3ccf60307bb9a97e0efac2fd44fdb5ba0969ee1464aa' },
  en: { bytes: 236601, sha256: '9431a24e993a8f83fd602393ffbb368e1d91fa36b2110ad8f1e0ec319792eed0' },
  es: { bytes: 426865, sha256: '0aecc731e945d196c8eb38ddb5ad683821e5fd72c55273db1f2233d559495275' },
  fr: { bytes: 441373, sha256: '3a756d228f3d9ee219b673f9dda091b6d64f7c4d0e71045d6a6dbf315539e0ea' },
  ja: { bytes: 495398, sha256: '04f89b370bb22a6a78de99fc36e30658186149858172abf8e68665890e81322b' },
  ru: { bytes: 539571, sha256: '05d2d317c24f1180c0839d7813f6bebcaeeb57d919cd2d748a0b9964fd77a1c0' },
  sw: { bytes: 421440, sha256: '15f863a79b7e4adf820d76b61044f4e4489f7710d14128ad7b4e915e133a2c16' },
  th: { bytes: 636572, sha256: '60b81f4458f584f637a35e57e85f503173ef67434a83a449c6ee6670a730e9f8' },
  zh: { bytes: 395550, sha256: '31e136303b56ed1734d3e9fbcdcff4499f974a0857298816c41e1c5c0be6b4bd' },
};

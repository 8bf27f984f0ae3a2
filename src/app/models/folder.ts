// The files of a folder that a person picked or dropped, with their paths in it.

export interface FolderFiles {
  /** The folder's own name. */
  name: string;
  files: { path: string; file: File }[];
}

/** What a hub keeps for itself, and what belongs to no model. */
const isHidden = (path: string) => path.split('/').some((part) => part.startsWith('.'));

/** The files of a directory picker; `null` where there are none. */
export function pickedFolder(picked: readonly File[]): FolderFiles | null {
  return folderOf(picked.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/**
 * The files of folders that were dropped, and of the folders in them.
 * @param entries from `DataTransferItem.webkitGetAsEntry`, which must be called while the drop is handled
 * @returns `null` where there are none
 */
export async function droppedFolder(
  entries: readonly FileSystemEntry[],
): Promise<FolderFiles | null> {
  return folderOf((await Promise.all(entries.map(walk))).flat());
}

function folderOf(all: FolderFiles['files']): FolderFiles | null {
  const files = all.filter(({ path }) => !isHidden(path));
  const [first] = files;
  if (first === undefined) return null;
  const [name = ''] = first.path.split('/');
  return { name: name === first.path ? 'local model' : name, files };
}

async function walk(entry: FileSystemEntry): Promise<FolderFiles['files']> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  // Browsers hand over at most a hundred entries at a time, and none when they are through.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(walk))).flat();
}

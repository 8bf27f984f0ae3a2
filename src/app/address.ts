// Rooms have addresses: `#ask` opens the room whose id is "ask".

/**
 * The id of the room that an address names.
 * @param hash `location.hash`
 * @param rooms the rooms that exist, the one for every other address first
 */
export function roomIdFromHash(
  hash: string,
  rooms: readonly [{ id: string }, ...{ id: string }[]],
): string {
  const named = hash.replace(/^#/, '').toLowerCase();
  return (rooms.find(({ id }) => id === named) ?? rooms[0]).id;
}

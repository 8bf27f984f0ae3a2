// The ways in which the test hub can fail; each is one or more of these at once.

/** What goes wrong with a request. What is not said goes right. */
export interface Fault {
  /** Refuse with this status ... */
  status?: number;
  /** ... and the hub's own word for why, in `X-Error-Code`, */
  errorCode?: string;
  /** ... and such as `Retry-After`. */
  headers?: Readonly<Record<string, string>>;
  /** Answer a request for the list of files with this. */
  body?: string;
  /** Break the connection after so many bytes of the body. */
  cutAfter?: number;
  /** End the body after so many bytes as if that were all, with no length to tell otherwise. */
  endAfter?: number;
  /** Send so many bytes of the body, then nothing; resetting the server breaks the connection. */
  stallAfter?: number;
  /** Bytes a second. */
  slow?: number;
  /** Send the whole file with status 200, whatever range was asked for. */
  ignoreRange?: boolean;
  /** Answer a range with a 206 that begins this many bytes too early. */
  shiftRange?: number;
  /** Change the byte at this place of the file. */
  flipAt?: number;
  /** Serve these bytes in place of the file. */
  instead?: Uint8Array;
  /** Call the version of the file so, in `ETag`; the empty text leaves the header away. */
  etag?: string;
  /** Answer with a large file itself, as mirrors do, not with a redirect. */
  direct?: boolean;
  /** Announce another hash than the file's, in `X-Linked-ETag`. */
  linkedEtag?: string;
}

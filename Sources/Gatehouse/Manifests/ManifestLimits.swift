/// How much of a user's files is read, so that a wrong path or a hostile file costs a message and not the memory.
enum ManifestLimits {
  /// The longest file: 32 objects of the API server's own limit for one request (3 MiB), rounded to a power of two.
  static let fileBytes = 128 << 20
  /// The longest YAML file: its tree takes about 100 times its text in memory, and people write no larger ones by hand.
  static let yamlBytes = 8 << 20
  /// The most values of one YAML file after its aliases are followed: what 8 MiB can hold without aliases, so that only an alias bomb
  /// is beyond it.
  static let yamlValues = 1_000_000
  /// The deepest nesting, that of the JSON reader.
  static let depth = 512
  /// The most files of one `--objects` folder: a cluster of 100,000 game servers, a file each.
  static let files = 100_000
  /// The deepest folder below the one that was named; also ends a loop of symbolic links.
  static let folderDepth = 32
}

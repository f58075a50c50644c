public import Foundation

/// Files that lie beside the tests that read them.
public enum Fixture {
  /// Reads `name`, a path relative to the folder of the source file that calls.
  ///
  /// - Throws: what `Foundation` throws when the file cannot be read; the message has the path.
  public static func load(_ name: String, relativeTo file: String = #filePath) throws -> [UInt8] {
    Array(try Data(contentsOf: url(name, relativeTo: file)))
  }

  /// Reads `name` as text.
  public static func text(_ name: String, relativeTo file: String = #filePath) throws -> String {
    String(decoding: try load(name, relativeTo: file), as: UTF8.self)
  }

  /// The names of the files of `folder` that end in `suffix`, sorted: the cases of a table of golden files.
  public static func names(
    in folder: String, suffix: String, relativeTo file: String = #filePath
  ) throws -> [String] {
    let path = url(folder, relativeTo: file).path
    return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(suffix) }.sorted()
  }

  /// Where `name` is.
  public static func url(_ name: String, relativeTo file: String = #filePath) -> URL {
    URL(filePath: file).deletingLastPathComponent().appending(path: name)
  }
}

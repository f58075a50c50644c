internal import Foundation

/// The programs that the build made beside the running tests.
public enum BuiltProducts {
  /// A program was not there.
  public struct Missing: Error, CustomStringConvertible {
    /// Which one, where it was looked for, and what makes it.
    public let description: String
  }

  /// The folder of the build: the one that the running test binary lies in.
  public static var directory: String {
    // The link's own name would lead to `/proc/self`; what it points to is the binary.
    let link = "/proc/self/exe"
    let binary = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? CommandLine.arguments[0]
    return URL(filePath: binary).deletingLastPathComponent().path
  }

  /// The path of an executable product, such as `gatehouse`.
  ///
  /// - Throws: ``Missing`` when it was not built.
  public static func executable(_ name: String) throws -> String {
    let path = "\(directory)/\(name)"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Missing(description: "no \(name) at \(path); `swift build --build-tests` makes it")
    }
    return path
  }

  /// The root of the repository that a source file is part of: the nearest folder above it with a `Package.swift`.
  public static func repository(of file: String = #filePath) throws -> String {
    var folder = URL(filePath: file).deletingLastPathComponent()
    while folder.path != "/" {
      if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) { return folder.path }
      folder.deleteLastPathComponent()
    }
    throw Missing(description: "no Package.swift above \(file)")
  }
}

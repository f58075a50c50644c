/// No key and no certificate is kept in the repository; tests make their own.
enum SecretRules {
  static func check(_ file: SourceFile) -> [Finding] {
    zip(file.lines.indices, zip(file.lines, file.lines.dropFirst())).compactMap { index, pair in
      guard pair.0.contains("-----BEGIN "),
        let label = pair.0.firstMatch(of: /-----BEGIN ([A-Z ]*PRIVATE KEY|CERTIFICATE)-----/)?.1,
        // A line of base64 follows; a program that only knows the mark has none.
        pair.1.firstMatch(of: /^\s*[A-Za-z0-9+\/]{40,}/) != nil
      else { return nil }
      return Finding(path: file.path, line: index + 1, message: "a \(label.lowercased()) in the repository")
    }
  }
}

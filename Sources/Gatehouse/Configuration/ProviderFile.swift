import NetworkPlugins
import TOMLKit

/// Reads the file of `--provider-config`: TOML with a section for each provider.
///
/// Keys that are not known are ignored, as in OpenKruiseGame; a known key of another type is refused, because zero ports would
/// otherwise be the silent outcome.
struct ProviderFile {
  private let file: String
  private let text: String
  private let root: TOMLTable

  /// Reads a configuration.
  ///
  /// - Throws: ``InputError`` for a file that cannot be read or is no TOML, or a key whose value has the wrong type.
  static func load(_ path: String) throws(InputError) -> ProviderConfiguration {
    try ProviderFile(FileText.read(path, limit: 1 << 20), file: path).configuration()
  }

  init(_ bytes: [UInt8], file: String) throws(InputError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputError(file, "is no UTF-8 text; TOML has to be")
    }
    self.file = file
    self.text = text
    do {
      root = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw InputError(file, line: error.source.begin.line, "is no TOML here: \(error.description)")
    } catch {
      throw InputError(file, "is no TOML: \(error)")
    }
  }

  /// The configuration that the file describes; what it leaves out is not enabled.
  func configuration() throws(InputError) -> ProviderConfiguration {
    var configuration = ProviderConfiguration()
    configuration.kubernetes.enable = try flag("kubernetes.enable")
    configuration.kubernetes.hostPort = try range("kubernetes.hostPort")
    configuration.alibabaCloud.enable = try flag("alibabacloud.enable")
    configuration.alibabaCloud.slb = try range("alibabacloud.slb")
    configuration.alibabaCloud.nlb = try range("alibabacloud.nlb")
    configuration.hwCloud.enable = try flag("hwcloud.enable")
    configuration.hwCloud.elb = try range("hwcloud.elb")
    configuration.hwCloud.cceELB = try range("hwcloud.cce.elb")
    configuration.volcengine.enable = try flag("volcengine.enable")
    configuration.volcengine.ports = try range("volcengine.clb")
    configuration.aws.enable = try flag("aws.enable")
    configuration.aws.ports = try range("aws.nlb")
    configuration.jdCloud.enable = try flag("jdcloud.enable")
    configuration.jdCloud.ports = try range("jdcloud.nlb")
    configuration.tencentCloud.enable = try flag("tencentcloud.enable")
    configuration.tencentCloud.ports = try range("tencentcloud.clb")
    return configuration
  }

  private func flag(_ key: String) throws(InputError) -> Bool {
    guard let value = try value(key) else { return false }
    guard let flag = value.bool else { throw wrongType(key, value, wanted: "true or false") }
    return flag
  }

  private func range(_ section: String) throws(InputError) -> PortRange {
    PortRange(
      try number("\(section).min_port"), try number("\(section).max_port"),
      blocking: try numbers("\(section).block_ports"))
  }

  private func number(_ key: String) throws(InputError) -> Int {
    guard let value = try value(key) else { return 0 }
    guard let number = value.int else { throw wrongType(key, value, wanted: "a whole number without quotes") }
    return number
  }

  private func numbers(_ key: String) throws(InputError) -> [Int] {
    guard let value = try value(key) else { return [] }
    guard let array = value.array else { throw wrongType(key, value, wanted: "a list of whole numbers such as [593]") }
    var numbers: [Int] = []
    for element in array {
      guard let number = element.int else {
        throw wrongType(key, element, wanted: "a list of whole numbers such as [593]")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The value of a full key; every part before the last has to be a table.
  private func value(_ key: String) throws(InputError) -> (any TOMLValueConvertible)? {
    var table = root
    var path = ""
    let parts = key.split(separator: ".").map(String.init)
    for part in parts.dropLast() {
      path += path.isEmpty ? part : ".\(part)"
      guard let next = table[part] else { return nil }
      guard let inner = next.table else { throw wrongType(path, next, wanted: "a section [\(path)]") }
      table = inner
    }
    return table[parts.last ?? ""]
  }

  private func wrongType(_ key: String, _ value: any TOMLValueConvertible, wanted: String) -> InputError {
    let found = value.type.description
    let article = found.first.map { "aeiou".contains($0) } == true ? "an" : "a"
    return InputError(
      file, line: TOMLLines.line(of: key, in: text),
      "has \(article) \(found) for \(key); what belongs there is \(wanted)")
  }
}

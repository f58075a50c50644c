import Foundation
import JSON
import TestSupport
import Testing

@Suite("Dashboards and alerts")
struct MonitoringTests {
  private static let folder = "deploy/dashboards"

  /// The expressions of the dashboard's panels and of the alerts.
  private static func expressions() throws -> [String] {
    let manifests = try Kustomization(folder)
    let page = try #require(
      manifests.one("ConfigMap", "gatehouse-dashboard")["data"]?["gatehouse.json"]?.string)
    let panels = try JSONValue(JSONDocument(page).root)["panels"]?.array ?? []
    let shown = panels.flatMap { $0["targets"]?.array ?? [] }.compactMap { $0["expr"]?.string }
    let groups = try manifests.one("PrometheusRule", "kruise-game-controller-manager")["spec"]?["groups"]?.array ?? []
    let alerts = groups.flatMap { $0["rules"]?.array ?? [] }.compactMap { $0["expr"]?.string }
    #expect(shown.count >= panels.filter { $0["type"]?.string != "row" }.count)
    #expect(!alerts.isEmpty)
    return shown + alerts
  }

  /// The metrics that the sources register, found as the texts that they are.
  private static func registered() throws -> Set<String> {
    let sources = "\(try BuiltProducts.repository())/Sources"
    var names: Set<String> = []
    for case let file as String in try #require(FileManager.default.enumerator(atPath: sources))
    where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
      names.formUnion(text.matches(of: /"((gatehouse|okg|process|certificate)_[a-zA-Z_]+)"/).map { String($0.1) })
    }
    return names
  }

  @Test("ask only for metrics that there are")
  func metrics() throws {
    let known = try Self.registered()
    let asked = try Self.expressions().flatMap { expression in
      expression.matches(of: /\b(gatehouse|okg|process|certificate)_[a-zA-Z_]+/).map { String($0.0) }
    }
    #expect(Set(asked).count > 15)
    for name in Set(asked) {
      let isKnown = ["", "_bucket", "_sum", "_count"].contains { suffix in
        name.hasSuffix(suffix) && known.contains(String(name.dropLast(suffix.count)))
      }
      #expect(isKnown, "\(name) is registered nowhere")
    }
  }

  @Test("scrape the port that the Service has")
  func port() throws {
    let monitor = try Kustomization(Self.folder).one("ServiceMonitor", "kruise-game-controller-manager")
    let service = try Kustomization("deploy/overlays/managed").one(
      "Service", "kruise-game-controller-manager-metrics-service")
    let ports = (service["spec"]?["ports"]?.array ?? []).compactMap { $0["name"]?.string }
    let scraped = (monitor["spec"]?["endpoints"]?.array ?? []).compactMap { $0["port"]?.string }
    #expect(!scraped.isEmpty)
    for port in scraped { #expect(ports.contains(port)) }
    let labels = service["metadata"]?["labels"]
    for member in monitor["spec"]?["selector"]?["matchLabels"]?.object?.members ?? [] {
      #expect(labels?[member.name] == member.value)
    }
  }

  @Test("tell what is wrong and what to do")
  func texts() throws {
    let rules = try Kustomization(Self.folder).one("PrometheusRule", "kruise-game-controller-manager")
    for rule in (rules["spec"]?["groups"]?.array ?? []).flatMap({ $0["rules"]?.array ?? [] }) {
      #expect(rule["annotations"]?["summary"]?.string?.isEmpty == false)
      #expect(rule["annotations"]?["description"]?.string?.isEmpty == false)
      #expect(["critical", "warning"].contains(rule["labels"]?["severity"]?.string ?? ""))
    }
  }
}

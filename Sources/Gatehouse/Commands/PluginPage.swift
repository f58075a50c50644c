import Kubernetes
import NetworkPlugins

/// The reference page of the network plugins, made of what they declare.
struct PluginPage {
  private let plugins: [any NetworkPlugin]

  init(_ plugins: [any NetworkPlugin]) { self.plugins = plugins }

  /// The page in Markdown, without a line feed at its end.
  var text: String { ([heading, contents] + plugins.map(section)).joined(separator: "\n\n") }

  private var heading: String {
    """
    # Network plugins

    A GameServerSet chooses a plugin with `spec.network.networkType` and gives it parameters as entries of `spec.network.networkConf`. \
    This page is made by `gatehouse plugins -o markdown` from what the plugins declare; `gatehouse lint` checks manifests against the \
    same declarations. A parameter that is given several times counts by its last entry, unless entries add up.
    """
  }

  private var contents: String {
    let rows = plugins.map { plugin in
      let link = plugin.name.lowercased()
      let alias = plugin.alias.isEmpty ? "" : "`\(plugin.alias)`"
      return "| [`\(plugin.name)`](#\(link)) | \(alias) | `[\(plugin.provider.section)]` | \(Self.range(plugin)) |"
    }
    return (["| plugin | alias | enabled by | ports from |", "|---|---|---|---|"] + rows).joined(separator: "\n")
  }

  private static func range(_ plugin: any NetworkPlugin) -> String {
    guard let space = plugin.portSpace, space.seats == nil else { return "" }
    return "`[\(space.name)]`"
  }

  private func section(_ plugin: any NetworkPlugin) -> String {
    var lines = ["## \(plugin.name)", ""]
    lines += ["| parameter | accepted | default | meaning |", "|---|---|---|---|"]
    lines += plugin.parameters.map(Self.row)
    if case .passedOn(let text) = plugin.otherParameters { lines += ["", "Any other parameter: \(text)."] }
    if let space = plugin.portSpace {
      lines += ["", "A Service shows its load balancer in the annotation `\(space.annotation)`."]
      if let seats = space.seats { lines += ["", "At most \(seats.limit) pods share a load balancer."] }
    }
    if !plugin.cloudResources.isEmpty {
      let names = plugin.cloudResources.map { "`\($0.plural).\($0.group)`" }.joined(separator: ", ")
      lines += ["", "Works with the cloud's own controllers through \(names)."]
    }
    return lines.joined(separator: "\n")
  }

  private static func row(_ parameter: ParameterDeclaration) -> String {
    let accepted = parameter.grammar + (parameter.isRepeatable ? "; entries add up" : "")
    let byDefault =
      parameter.isRequired
      ? "required" : parameter.defaultValue.map { $0.isEmpty ? "empty" : "`\(escaped($0))`" } ?? ""
    return "| `\(escaped(parameter.name))` | \(escaped(accepted)) | \(byDefault) | \(escaped(parameter.summary)) |"
  }

  /// The text with nothing in it that ends a cell or is taken for a tag.
  private static func escaped(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("<", with: "&lt;").replacing("\n", with: " ")
  }
}

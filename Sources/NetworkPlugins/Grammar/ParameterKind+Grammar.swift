extension ParameterKind {
  /// One word for the kind of value, for tables.
  public var typeName: String {
    switch self {
    case .bool: "bool"
    case .int, .number: "int"
    case .ports, .containerPorts, .portNumbers: "ports"
    case .ids, .id, .namedIDs: "ids"
    case .names: "names"
    case .word: "word"
    case .words: "words"
    case .annotations, .annotation, .label: "key/value"
    case .template: "template"
    case .schemePorts, .healthCheckURI, .healthCheckDomain, .targetGroupHealthCheck: "health check"
    case .zoneMaps: "zones"
    case .json: "JSON"
    case .text: "text"
    case .ignored: "ignored"
    }
  }

  /// What is accepted, in words for people; reads well behind "expected".
  public var grammar: String {
    switch self {
    case .bool: "a boolean: true, false, 1, 0, t, f (or True, TRUE, T, False, FALSE, F)"
    case .int(let range) where range.upperBound == .max: "a whole number of at least \(range.lowerBound)"
    case .int(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number: "a whole number"
    case .ports(let choice):
      "ports between commas, each PORT or PORT/PROTOCOL with PORT from 1 to 65535 and PROTOCOL one of \(choice.words)"
    case .containerPorts:
      "CONTAINER:PORT/PROTOCOL,… with PORT from 1 to 65535 or SameAsHost and PROTOCOL (default TCP) one of "
        + PortProtocol.Choice.withSCTP.words
    case .portNumbers: "numbers from 1 to 65535 between commas"
    case .ids: "one or more ids between commas"
    case .id: "exactly one id"
    case .namedIDs: "ID/NAME between commas, every NAME equally often"
    case .names: "names between commas"
    case .word(let words, .exact): "one of \(words.joined(separator: ", "))"
    case .word(let words, .anyCase): "one of \(words.joined(separator: ", ")) (in any case)"
    case .words: "one or more words between commas"
    case .annotations: "KEY:VALUE between commas, each KEY a key of Kubernetes metadata"
    case .annotation: "KEY: VALUE with one colon and blank, KEY a key of Kubernetes metadata"
    case .template(let meaning): "\(meaning) with at most one <id>, which becomes the pod's number"
    case .label: "KEY=VALUE, a label of Kubernetes metadata"
    case .schemePorts: "http:PORT or https:PORT between commas"
    case .healthCheckURI: "1 to 80 characters: a slash, then letters, digits and . ! $ % & ' * + / = ? ^ _ ` { | } ~ -"
    case .healthCheckDomain: "1 to 80 of a-z 0-9 - . without - or . at an end and without -- or .."
    case .targetGroupHealthCheck:
      "FIELD:VALUE between commas, FIELD one of \(TargetGroupHealthCheck.names.joined(separator: ", "))"
    case .zoneMaps: "VPC@ZONE:VSWITCH,ZONE:VSWITCH with at least two zones"
    case .json: "a JSON text"
    case .text(let meaning): meaning
    case .ignored: "anything; it has no effect"
    }
  }
}

import JSON
import Testing

@testable import NetworkPlugins

@Suite("The grammars of the clouds")
struct CloudGrammarTests {
  @Test(
    "the n-th load balancer of each name forms group n",
    arguments: [
      ("A/d,B/l,C/d,D/l", [["A", "B"], ["C", "D"]]),
      ("A/dx,B/dx,C/lt,D/lt", [["A", "C"], ["B", "D"]]),
      ("A/d,B/d,C/d,D/l,E/l,F/l", [["A", "D"], ["B", "E"], ["C", "F"]]),
      ("A/x,,", [["A"]]), ("C/d,C/l", [["C"]]), ("A/d,B/l,B/d,A/l", [["A", "B"], ["B", "A"]]),
    ])
  func groups(_ text: String, _ ids: [[String]]) throws {
    #expect(try NamedIDs.groups(NamedIDs.parse(text)).map { $0.map(\.key) } == ids)
  }

  @Test(
    "named load balancers are refused where a group is not complete",
    arguments: ["", ",", "A", "A/", "/d", "A/d/e", "A/d,B/l,C/d", "A/d,B/_", "A/Dx,B/dx", "A/cn.hz", "A/d,B/l,A/l,C/d"])
  func badGroups(_ text: String) {
    #expect(throws: GrammarError.self) { try NamedIDs.groups(NamedIDs.parse(text)) }
  }

  @Test("of two names of one load balancer the last counts")
  func lastName() throws {
    #expect(try NamedIDs.groups(NamedIDs.parse("C/d,C/l")) == [[KeyValue("C", "l")]])
  }

  @Test("zones are read with their switches")
  func zones() throws {
    let maps = try ZoneMaps.parse(" vpc @ z1 : v1 , z2:v2")
    #expect(maps == ZoneMaps(vpcID: "vpc", zones: [KeyValue("z1", "v1"), KeyValue("z2", "v2")]))
  }

  @Test(
    "zones are refused without a VPC, a switch or a second zone",
    arguments: ["vpc@z1:v1", "z1:v1,z2:v2", "vpc@z1", "vpc@z1,z2:v2", "@z1:v1,z2:v2", "vpc@", "", "vpc@z1:,z2:v2"])
  func badZones(_ text: String) { #expect(throws: GrammarError.self) { try ZoneMaps.parse(text) } }

  @Test("the ports of an HTTP check have a scheme")
  func schemePorts() throws {
    #expect(try SchemePorts.parse("http:80,https:443") == [KeyValue("http", "80"), KeyValue("https", "443")])
    for text in ["", "http", "80", "ftp:21", "http:0", "HTTP:80", "http:80,"] {
      #expect(throws: GrammarError.self) { try SchemePorts.parse(text) }
    }
  }

  @Test("the fields of a target group's check have their types, and of two of one name the last counts")
  func targetGroup() throws {
    let fields = try TargetGroupHealthCheck.parse(
      "healthCheckEnabled:true, healthCheckPath:/a:b ,healthyThresholdCount:2,healthyThresholdCount:3")
    #expect(fields.map(\.name) == ["healthCheckEnabled", "healthCheckPath", "healthyThresholdCount"])
    #expect(fields.map(\.value) == [true, "/a:b", 3])
    for text in ["healthCheckEnabled", "healthCheckEnabled:yes", "healthyThresholdCount:x", "health:1"] {
      #expect(throws: GrammarError.self) { try TargetGroupHealthCheck.parse(text) }
    }
  }

  @Test(
    "a health check's path and host have their forms",
    arguments: [
      (ParameterKind.healthCheckURI, "/", true), (.healthCheckURI, "/a.b!$%&'*+/=?^_`{|}~-9Z", true),
      (.healthCheckURI, "", false), (.healthCheckURI, "a", false), (.healthCheckURI, "/a b", false),
      (.healthCheckURI, "/\(String(repeating: "a", count: 79))", true), (.healthCheckURI, "/ä", false),
      (.healthCheckURI, "/\(String(repeating: "a", count: 80))", false), (.healthCheckURI, "/#", false),
      (.healthCheckDomain, "a-b.c9", true), (.healthCheckDomain, "", false), (.healthCheckDomain, "A.b", false),
      (.healthCheckDomain, "-a", false), (.healthCheckDomain, "a.", false), (.healthCheckDomain, "a--b", false),
      (.healthCheckDomain, "a..b", false), (.healthCheckDomain, "a.-b", true), (.healthCheckDomain, "a_b", false),
      (.healthCheckDomain, String(repeating: "a", count: 80), true),
      (.healthCheckDomain, String(repeating: "a", count: 81), false),
    ])
  func healthCheckTexts(_ kind: ParameterKind, _ text: String, _ isAccepted: Bool) {
    #expect((kind.problem(in: text) == nil) == isAccepted)
  }
}

import Kubernetes
import Testing

@Suite("The syntax of names")
struct NameSyntaxTests {
  private static let long = String(repeating: "a", count: 64)

  @Test("accepts", arguments: ["a", "a-b", "0", String(repeating: "a", count: 63)])
  func acceptsLabels(text: String) {
    #expect(NameSyntax.dnsLabelProblem(text) == nil)
    #expect(NameSyntax.dnsSubdomainProblem(text) == nil)
    #expect(NameSyntax.labelValueProblem(text) == nil)
    #expect(NameSyntax.qualifiedNameProblem(text) == nil)
  }

  @Test("refuses what is no DNS label", arguments: ["", "A", "a.b", "-a", "a-", "a_b", "é", long])
  func refusesLabels(text: String) {
    #expect(NameSyntax.dnsLabelProblem(text) != nil)
  }

  @Test(
    "refuses what is no DNS subdomain", arguments: ["", "a..b", ".a", "a.", "A.b", String(repeating: "a", count: 254)])
  func refusesSubdomains(text: String) {
    #expect(NameSyntax.dnsSubdomainProblem(text) != nil)
  }

  @Test("accepts the value of a label", arguments: ["", "A_b.c-1", "7"])
  func acceptsValues(text: String) {
    #expect(NameSyntax.labelValueProblem(text) == nil)
  }

  @Test("refuses what is no value of a label", arguments: ["a b", "-1", "a/b", "a-", "{{.Result}}", "ä", long])
  func refusesValues(text: String) {
    #expect(NameSyntax.labelValueProblem(text) != nil)
  }

  @Test("accepts a qualified name", arguments: ["a", "A.b_c", "example.com/Name", "nvidia.com/gpu"])
  func acceptsQualified(text: String) {
    #expect(NameSyntax.qualifiedNameProblem(text) == nil)
  }

  @Test(
    "refuses what is no qualified name",
    arguments: ["", "/a", "a/", "a/b/c", "Example.com/a", "a b", "example.com/-", long, "example.com/" + long])
  func refusesQualified(text: String) {
    #expect(NameSyntax.qualifiedNameProblem(text) != nil)
  }

  @Test(
    "accepts the name of a resource that a container may have",
    arguments: ["cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "nvidia.com/gpu", "example.com/requests.a"])
  func acceptsResources(text: String) {
    #expect(NameSyntax.containerResourceProblem(text) == nil)
  }

  @Test(
    "refuses the name of a resource that no container may have",
    arguments: ["", "gpu", "pods", "storage", "requests.cpu", "x y", "a~b/c", "a/b/c", "requests.example.com/gpu"])
  func refusesResources(text: String) {
    #expect(NameSyntax.containerResourceProblem(text) != nil)
  }
}

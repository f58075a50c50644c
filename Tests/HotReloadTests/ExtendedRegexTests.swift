import Testing

@testable import HotReload

@Suite("An expression for command lines")
struct ExtendedRegexTests {
  @Test(
    "is taken where it is cheap to compile",
    arguments: [
      "^/srv/game( .*)?$", "game-[0-9]+ --port [0-9]{1,5}$", "[]+*]+", "[^]+]+x+", "[[:alpha:]+]+", "a\\+\\+",
      "(a|b)*c+",
      "(a*b)+", "(ab)+(cd)+",
    ])
  func taken(_ pattern: String) { #expect(ExtendedRegex(pattern) != nil) }

  @Test(
    "is refused where a repetition copies another one, which fills any memory, or refers back to a group",
    arguments: [
      "a" + String(repeating: "+", count: 22), "a++", "a+{2}", "a{2}+", "(a+)+", "((a+)b)+", "((((a+)+)+)+)+", "(a+)*+",
      "(a|aa)*\\1b", "([]a+]+)+",
    ])
  func refused(_ pattern: String) { #expect(ExtendedRegex(pattern) == nil) }
}

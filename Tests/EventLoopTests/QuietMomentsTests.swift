import Testing

@testable import EventLoop

@Suite struct QuietMomentsTests {
  @Test("comes first when the start is over, and again only after work")
  func moments() {
    var moments = QuietMoments(cpu: .seconds(1))
    let readings: [(cpu: Int, isNow: Bool)] = [
      (1300, false), (1320, false), (1339, true),  // the start ends
      (1350, false), (1360, false),  // quiet, and nothing to give back
      (4000, false), (4200, false), (4210, true), (4220, false),  // a burst
      (4300, false), (4310, false), (4400, false), (4410, true),  // work little by little
    ]
    for (cpu, isNow) in readings { #expect(moments.isNow(cpu: .milliseconds(cpu)) == isNow, "\(cpu)") }
  }
}

@Suite struct MappedFileTests {
  @Test("forgets private pages of files that nobody may write and nobody changed")
  func unchanged() {
    func mapping(_ range: String, _ rights: String, _ name: String, own: Int) -> String {
      "\(range) \(rights) 00000000 fe:00 42   \(name)\nSize: 4 kB\nAnonymous: \(own) kB\nVmFlags: rd ex\n"
    }
    let text =
      mapping("1000-2000", "r-xp", "/bin/a program", own: 0) + mapping("2000-3000", "r--p", "/bin/a program", own: 0)
      + mapping("3000-4000", "r--p", "/bin/a program", own: 4) + mapping("4000-5000", "rw-p", "/bin/a program", own: 0)
      + mapping("5000-6000", "r--s", "/shared", own: 0) + mapping("6000-7000", "r-xp", "[vdso]", own: 0)
      + mapping("7000-8000", "r--p", "", own: 0)
    #expect(MappedFile.unchanged(in: text) == [0x1000..<0x2000, 0x2000..<0x3000])
  }

  @Test("finds parts of this process, and works on after it forgot them")
  func forgets() {
    let text = MappedFile.readMappings()
    #expect(!MappedFile.unchanged(in: text).isEmpty)
    ProcessMemory.forgetUnused()
    #expect(MappedFile.readMappings().contains("Anonymous:"))
  }
}

import Testing

@testable import AgentCommands

@Suite("selftest")
struct SelfTestTests {
    @Test("Every linked library works here")
    func works() {
        for result in SelfTest.run() { #expect(result.fault == nil, "\(result.name)") }
    }

    @Test("A library that does not work is told with its reason")
    func fault() {
        let lines = SelfTest.lines([.init(name: "libx", detail: "", fault: "no such algorithm")])
        #expect(lines.last == "libx     NO     no such algorithm")
    }
}

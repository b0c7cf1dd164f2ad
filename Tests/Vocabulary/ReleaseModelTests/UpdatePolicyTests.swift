import Faults
import SystemPackage
import Testing
import YAMLDocuments

@testable import ReleaseModel

@Suite("When a machine that nobody watches upgrades")
struct UpdatePolicyTests {
    @Test(
        "a window has an opening and a length, also over midnight",
        arguments: [("02:00-05:00", 120, 180), ("23:30-00:30", 1_410, 60), ("00:00-00:30", 0, 30)])
    func windows(_ text: String, _ opening: Int, _ length: Int) throws {
        let window = try UpdateWindow(parsing: text)
        #expect((window.opening, window.length) == (opening, length))
        #expect(window.description == text)
    }

    @Test(
        "what is no window, or too short to be met, is refused",
        arguments: [
            "", "2:00-5:00", "02:00", "24:00-05:00", "02:60-05:00", "02:00-02:29", "02:00-02:00", "02:00-05:00-06:00",
            "0a:00-05:00",
        ])
    func wrongWindows(_ text: String) { #expect(throws: UpdateWindowError.self) { try UpdateWindow(parsing: text) } }

    @Test("the configuration says it, key by key")
    func configuration() throws {
        let text = "update:\n  interval: 6\n  window: 02:00-05:00\n  days: [sat, sun]\n  reboot: window\n"
        var configuration = AgentConfiguration()
        #expect(configuration.update == UpdatePolicy())
        let document = try #require(try YAMLDocument.parse(Array(text.utf8)))
        try configuration.apply(document, from: "/etc/lifeboot/config.yaml")
        #expect(configuration.update.interval == 6)
        #expect(configuration.update.window?.description == "02:00-05:00")
        #expect(configuration.update.days == [.saturday, .sunday])
        #expect(configuration.update.reboot == .window)
        let later = try #require(try YAMLDocument.parse(Array("update:\n  reboot: never\n".utf8)))
        try configuration.apply(later, from: "/oem/lifeboot.yaml")
        #expect(configuration.update.reboot == .never && configuration.update.interval == 6)
    }

    @Test(
        "a value that a key does not take is an error with its place",
        arguments: ["window: 2-5", "days: [monday]", "reboot: sometimes", "interval: 0", "interval: 745", "jitter: 1"])
    func wrongValues(_ line: String) throws {
        var configuration = AgentConfiguration()
        let document = try #require(try YAMLDocument.parse(Array("update:\n  \(line)\n".utf8)))
        let error = #expect(throws: ConfigurationError.self) {
            try configuration.apply(document, from: "/oem/lifeboot.yaml")
        }
        #expect(error?.description.contains("line 2") == true)
    }

    @Test("machines are spread evenly over a time, and each has the same place each time")
    func spread() {
        let places = (0..<10_000).map { MachineSpread.place(of: "machine-\($0)", in: 1_000) }
        #expect(places == (0..<10_000).map { MachineSpread.place(of: "machine-\($0)", in: 1_000) })
        #expect(places.allSatisfy { (0..<1_000).contains($0) })
        for tenth in 0..<10 {
            let count = places.count { $0 / 100 == tenth }
            #expect((850...1_150).contains(count), "the \(tenth)th tenth has \(count) of 10,000")
        }
        #expect(
            MachineSpread.place(of: "0123456789abcdef0123456789abcdef", in: 86_400) == 24_641, "it must never change")
        #expect(MachineSpread.place(of: "a", in: 0) == 0)
    }
}

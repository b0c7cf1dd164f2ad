import BootModel
import JSONText
import SystemPackage
import TestMachines
import Testing

@testable import BootHealth

@Suite("Who tells the time of a boot")
struct BootTimesFactsTests {
    private static let manager = "InitRDTimestampMonotonic=2944000\nUserspaceTimestampMonotonic=5114000\n"
    private static let report: JSONValue = [
        "format": 1, "startedMicroseconds": 2_949_000, "durationMicroseconds": 1_000, "planning": [], "steps": [],
    ]

    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func facts(
        report: () throws -> JSONValue? = { Self.report }, manager: () throws -> String = { Self.manager }
    ) -> BootTimesFacts {
        BootTimesFacts(report: report, firmware: folder.path.appending("boot"), manager: manager, now: 7)
    }

    @Test("is everybody, and a machine whose firmware measures nothing has no problem")
    func everybody() {
        let facts = facts()
        #expect(facts.problems == [] && facts.now == 7 && facts.firmware == nil)
        #expect(facts.manager?[.initrd] == 2_944_000 && facts.report?.started == 2_949_000)
    }

    @Test("is the firmware where the kernel shows its table, also one of which a file is missing")
    func firmware() throws {
        try folder.write("4433000000\n", to: "boot/bootloader_launch_ns")
        try folder.write("7352000000\n", to: "boot/exitbootservice_end_ns")
        let facts = facts()
        #expect(facts.problems == [] && facts.firmware?[.loaderStart] == 4_433_000)
        #expect(facts.firmware?[.exitEnd] == 7_352_000 && facts.firmware?[.loaderLoad] == nil)
    }

    @Test("a firmware that tells nonsense is a problem, and the others count")
    func nonsense() throws {
        try folder.write("soon\n", to: "boot/bootloader_launch_ns")
        let facts = facts()
        #expect(facts.problems.count == 1 && facts.problems[0].hasPrefix("reading the firmware's table of times"))
        #expect(facts.firmware == nil && facts.manager != nil && facts.report != nil)
    }

    @Test("a file that cannot be read is a problem that names it, and not no table")
    func unreadable() throws {
        try folder.write("1", to: "boot/firmware_start_ns/x")
        let facts = facts()
        #expect(facts.problems.count == 1 && facts.problems[0].contains("firmware_start_ns"), "\(facts.problems)")
    }

    @Test("a systemd that does not answer is a problem, and the others count")
    func silent() {
        let facts = facts(manager: { throw FakeFault("running systemctl: it was not finished in time.") })
        #expect(facts.problems == ["running systemctl: it was not finished in time."])
        #expect(facts.manager == nil && facts.report != nil)
    }

    @Test("a machine without a report is told so")
    func noReport() {
        let facts = facts(report: { nil })
        #expect(facts.report == nil && facts.problems.count == 1)
        #expect(facts.problems[0].hasPrefix("There is no /run/lifeboot/boot.json"))
    }

    @Test(
        "a damaged report is a problem that names the file, the fault, and what to do",
        arguments: [
            ("{\"format\": 1, \"st", "line 1, column 15: string has no end"), ("", "unexpected end of text"),
            ("[]", "it has no format"), ("{\"format\": 9}", "it has format 9, and this program reads format 1"),
        ])
    func damaged(text: String, cause: String) {
        let facts = facts(report: { try JSONValue(parsing: Array(text.utf8)) })
        #expect(facts.report == nil && facts.manager != nil && facts.problems.count == 1)
        let problem = facts.problems[0]
        #expect(problem.hasPrefix("reading the report of the initramfs (/run/lifeboot/boot.json): "), "\(problem)")
        #expect(problem.contains(cause) && problem.hasSuffix("."), "\(problem)")
    }
}

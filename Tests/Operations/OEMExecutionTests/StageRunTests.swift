import JSONText
import LinuxSystem
import OEMExecution
import OutputSchemas
import Testing

@Suite("A stage from its files to its report", .enabled(if: ThisProcess.isRoot))
struct StageRunTests {
    @Test("hides nothing that did not work: a file, a step, an action; and the report that is kept has it all")
    func report() throws {
        let root = try FixtureRoot([
            "/system/oem/1.yaml": "stages: {boot: [{files: [{path: /etc/a}]}]}", "/oem/2.yaml": "a: [",
            "/oem/3.yaml": "stages: {boot: [{systctl: {a: b}}, {hostname: 'no name'}, {files: [{path: /etc/b}]}]}",
        ])
        let report = try StageRun("boot", root: root.path).perform()
        #expect(report.hasFailed)
        #expect(
            report.problems.map { String($0.prefix { $0 != " " }) } == [
                "/oem/2.yaml:2:", "/oem/3.yaml:1:", "/oem/3.yaml:1:",
            ])
        #expect(try root.text("/etc/a").isEmpty && root.text("/etc/b").isEmpty)
        let kept = try JSONValue(parsing: Array(try root.text("/run/lifeboot/stages/boot.json").utf8))
        try OutputSchema.check(kept, "stage-report")
        #expect(kept["failed"] == .bool(true))
        #expect(kept["problems"] == .array(report.problems.map { .string($0) }))
        #expect(try root.mode("/run/lifeboot/stages/boot.json") == "600")
    }

    @Test("has nothing to say where all is well, and for a stage that no file names")
    func fine() throws {
        let root = try FixtureRoot(["/oem/1.yaml": "stages: {boot: [{files: [{path: /etc/a}]}]}"])
        for stage in ["boot", "network"] {
            let report = try StageRun(stage, root: root.path).perform()
            #expect(!report.hasFailed && report.problems.isEmpty)
        }
    }

    @Test("says how long reading and planning took, and all of it, in the report that is kept")
    func times() throws {
        let root = try FixtureRoot(["/oem/1.yaml": "stages: {boot: [{files: [{path: /etc/a}]}]}"])
        let report = try StageRun("boot", root: root.path).perform()
        #expect(report.planning > 0 && report.duration > report.planning)
        let kept = try JSONValue(parsing: Array(try root.text("/run/lifeboot/stages/boot.json").utf8))
        try OutputSchema.check(kept, "stage-report")
        #expect(kept["planningMicroseconds"] == .integer(report.planning))
        #expect(kept["durationMicroseconds"] == .integer(report.duration))
    }

    @Test("keeps the report of a name that is no name of a file under another one")
    func names() throws {
        let root = try FixtureRoot()
        for name in ["../../etc/x", ".hidden"] { _ = try StageRun(name, root: root.path).perform() }
        #expect(try root.text("/run/lifeboot/stages/other.json").contains("hidden"))
    }
}

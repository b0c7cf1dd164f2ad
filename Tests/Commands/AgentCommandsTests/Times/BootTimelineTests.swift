import BootModel
import Foundation
import FoundationXML
import JSONText
import OutputSchemas
import Plans
import Snapshots
import Testing

@testable import AgentCommands

@Suite("boot-times")
struct BootTimelineTests {
    /// What a guest that boots by the minimal initramfs, without GRUB, has told.
    static func minimal() throws -> BootTimesFacts {
        try measured(
            "boot-report-minimal.json",
            """
            InitRDTimestampMonotonic=2375741
            UserspaceTimestampMonotonic=4185478
            FinishTimestampMonotonic=13434363
            """)
    }

    /// What a guest with UEFI, a full initramfs and an agent that did not say when steps began has told.
    static func older() throws -> BootTimesFacts {
        try measured(
            "boot-report-older.json",
            """
            FirmwareTimestampMonotonic=0
            LoaderTimestampMonotonic=0
            InitRDTimestampMonotonic=5503217
            UserspaceTimestampMonotonic=24163986
            FinishTimestampMonotonic=42240445
            """)
    }

    private static func measured(_ report: String, _ manager: String) throws -> BootTimesFacts {
        var facts = BootTimesFacts(now: 60_000_000)
        let text = try Snapshot.lines(of: report).joined(separator: "\n")
        facts.report = try ReportedTimes(try JSONValue(parsing: Array(text.utf8)))
        facts.manager = try ManagerTimes(parsing: manager)
        return facts
    }

    /// A machine with UEFI that measures, and systemd in its initramfs.
    static func full() throws -> BootTimesFacts {
        var facts = BootTimesFacts(now: 60_000_000)
        facts.firmware = try FirmwareTimes([
            .firmwareStart: "150000000", .loaderLoad: "4210000000", .loaderStart: "4433000000",
            .exitStart: "7350000000", .exitEnd: "7352000000",
        ])
        facts.report = try ReportedTimes(
            report(initStarted: nil, started: 6_120_300, phases: Self.phases))
        facts.manager = try ManagerTimes(
            parsing: """
                FirmwareTimestampMonotonic=7352000
                LoaderTimestampMonotonic=2919000
                InitRDTimestampMonotonic=4219020
                UserspaceTimestampMonotonic=7980410
                FinishTimestampMonotonic=21000350
                """)
        return facts
    }

    /// A guest of which nobody tells much, and that goes on booting.
    static func missing() throws -> BootTimesFacts {
        var facts = try minimal()
        facts.report = nil
        facts.manager = try ManagerTimes(parsing: "UserspaceTimestampMonotonic=5114870\n")
        facts.now = 17_600_870
        facts.problems = [
            "reading the report of the initramfs (/run/lifeboot/boot.json): it has no format. It is written anew at the next boot."
        ]
        return facts
    }

    private typealias Phase = (BootPhase, planning: Int64, steps: [(String, String, Int64)])

    private static let phases: [Phase] = [
        (
            .root, 612,
            [
                ("arm-watchdog", "60 s", 204),
                ("find-boot-partition", "PARTUUID=6f1c2b7e-6d2c-4a53-9b0e-2f5b6d2b9a11", 47_301),
                ("find-image-partition", "PARTLABEL=STATE on the boot disk", 36_120),
                ("mount-image-partition", "/run/lifeboot/state", 2_310), ("check-boot-environment", "boot.env", 1_104),
                ("verify-manifest", "/run/lifeboot/state/images/0123456789abcdef", 24_007),
                ("activate-verity", "lifeboot-root", 8_020), ("mount-root", "/sysroot", 10_400),
            ]
        ),
        (.configuration, 420, []),
        (
            .state, 5_002,
            [
                ("mount-oem", "PARTLABEL=OEM on the boot disk", 41_000),
                ("mount-persistent", "/run/lifeboot/persistent", 34_200), ("overlay-path", "/etc", 1_204),
                ("overlay-path", "/var", 870), ("overlay-path", "/home", 890),
            ]
        ),
        (
            .handoff, 90,
            [("keep-machine-id", "/etc/machine-id", 2_400), ("write-sentinels", "/run/lifeboot/active", 120)]
        ),
    ]

    /// What `BootReport` writes of such phases.
    private static func report(initStarted: Int64?, started: Int64, phases: [Phase]) throws -> JSONValue {
        var report = BootReport(parameters: BootParameters(KernelCommandLine(parsing: "")), started: started)
        report.initStarted = initStarted
        var clock = started
        for (phase, planning, steps) in phases {
            report.planning.append(.init(phase: phase, started: clock, microseconds: planning))
            clock += planning
            for (name, subject, length) in steps {
                let step = StepReport(
                    step: name, subject: subject, outcome: .done, started: clock, microseconds: length)
                report.steps.append(.init(phase: phase, step: step))
                clock += length
            }
        }
        report.duration = clock - started
        try OutputSchema.check(report.json, "boot")
        return try JSONValue(parsing: report.json.serialized(indented: false))
    }

    @Test(
        "as text it is a table with bars",
        arguments: [("minimal", minimal), ("full", full), ("missing", missing), ("older", older)]
            as [(String, @Sendable () throws -> BootTimesFacts)])
    func text(name: String, facts: @Sendable () throws -> BootTimesFacts) throws {
        let lines = BootTimeline(try facts()).lines
        try Snapshot.check(lines, "boot-times-\(name)")
        for line in lines { #expect(line.count <= 80 && line.last != " ", "\(line)") }
    }

    @Test(
        "as JSON it has all of it, and null for what nobody tells",
        arguments: [("minimal", minimal), ("full", full), ("missing", missing), ("older", older)]
            as [(String, @Sendable () throws -> BootTimesFacts)])
    func json(name: String, facts: @Sendable () throws -> BootTimesFacts) throws {
        let text = String(decoding: BootTimeline(try facts()).json.serialized(indented: true), as: UTF8.self)
        try Snapshot.check(text, "boot-times-\(name).json")
        try OutputSchema.check(try JSONValue(parsing: Array(text.utf8)), "boot-times")
        #expect(try JSONValue(parsing: Array(text.utf8))["format"] == 1)
    }

    @Test(
        "as a picture it is XML that needs nothing else",
        arguments: [("minimal", minimal), ("full", full), ("missing", missing), ("older", older)]
            as [(String, @Sendable () throws -> BootTimesFacts)])
    func picture(name: String, facts: @Sendable () throws -> BootTimesFacts) throws {
        let picture = BootTimeline(try facts()).picture
        try Snapshot.check(picture, "boot-times-\(name).svg")
        #expect(Drawing(picture).isWellFormed)
        for word in ["<script", "href", "url(", "@import", "<style", "<image"] { #expect(!picture.contains(word)) }
    }

    @Test(
        "names that devices and files choose neither end the picture nor its line",
        arguments: ["<>&\"'", "\u{1}\u{7}\n\u{FFFE}", "]]>"])
    func hostile(subject: String) throws {
        var facts = try Self.minimal()
        let report = try Self.report(
            initStarted: nil, started: 2_950_013, phases: [(.root, 10, [("find", subject, 5_000)])])
        facts.report = try ReportedTimes(report)
        facts.problems = [subject]
        let drawing = Drawing(BootTimeline(facts).picture)
        #expect(drawing.isWellFormed && drawing.texts.contains { $0.hasPrefix("find ") })
    }

    @Test("what failed is red, and is said to have failed")
    func failed() throws {
        var facts = try Self.minimal()
        var report = try Self.report(
            initStarted: nil, started: 2_950_013, phases: [(.root, 10, [("find", "x", 5_000)])])
        var steps = report["steps"]?.elements?[0].object ?? JSONObject()
        steps["outcome"] = "failed-optional"
        var object = report.object ?? JSONObject()
        object["steps"] = [.object(steps)]
        report = .object(object)
        facts.report = try ReportedTimes(report)
        let picture = BootTimeline(facts).picture
        #expect(picture.contains("#c0392b") && picture.contains("failed-optional"))
        #expect(!BootTimeline(try Self.minimal()).picture.contains("#c0392b"))
    }

    @Test("every step is in the picture and in JSON, also those that share a line of the table")
    func whole() throws {
        let timeline = BootTimeline(try Self.minimal())
        let short = "/run/cos/active_mode"
        #expect(timeline.lines.contains { $0.contains("2 steps below 1 ms") })
        #expect(
            !timeline.lines.contains { $0.contains("/run/cos") }
                && timeline.picture.contains("write-sentinels \(short)"))
        let phases = timeline.json["parts"]?.elements?[3]["parts"]?.elements ?? []
        #expect(phases.flatMap { $0["parts"]?.elements ?? [] }.contains { $0["subject"]?.text == short })
    }
}

/// Reads a picture as any XML parser does.
private final class Drawing: NSObject, XMLParserDelegate {
    private(set) var texts: [String] = []
    private(set) var isWellFormed = false
    private var text = ""

    init(_ picture: String) {
        super.init()
        let parser = XMLParser(data: Data(picture.utf8))
        parser.delegate = self
        isWellFormed = parser.parse()
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) { text = "" }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        if name == "text" { texts.append(text) }
        text = ""
    }
}

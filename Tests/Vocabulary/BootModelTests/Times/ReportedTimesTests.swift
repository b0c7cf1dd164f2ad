import JSONText
import Plans
import Testing

@testable import BootModel

@Suite("Times in the report of the initramfs")
struct ReportedTimesTests {
    /// As an older agent writes it: steps and planning have no beginning.
    static let older: JSONValue = [
        "format": 1, "role": "active", "startedMicroseconds": 5_000_000, "durationMicroseconds": 300_000,
        "planning": [
            ["phase": "root", "microseconds": 2_000], ["phase": "state", "microseconds": 5_000],
        ],
        "steps": [
            step("root", "find-boot-partition", "PARTUUID=aa", 47_000), step("root", "mount-root", "/sysroot", 10_000),
            step("state", "overlay", "/etc", 1_200),
        ],
    ]

    private static func step(_ phase: String, _ name: String, _ subject: String, _ length: Int64) -> JSONValue {
        [
            "phase": .string(phase), "step": .string(name), "subject": .string(subject), "outcome": "done",
            "microseconds": .integer(length), "message": .null,
        ]
    }

    /// The report with a member replaced, or taken out with nil.
    private static func older(_ name: String, _ value: JSONValue?) -> JSONValue {
        var object = older.object ?? JSONObject()
        object[name] = value
        return .object(object)
    }

    @Test("what this agent writes is read with the beginnings that it says")
    func written() throws {
        var report = BootReport(parameters: BootParameters(KernelCommandLine(parsing: "")), started: 3_000_000)
        report.initStarted = 2_944_000
        report.duration = 500_000
        report.planning = [.init(phase: .machine, started: 3_000_010, microseconds: 40_000)]
        report.steps = [
            .init(
                phase: .machine,
                step: StepReport(
                    step: "load-module", subject: "loop", outcome: .noted, started: 3_041_000, microseconds: 11_000,
                    message: "there already"))
        ]
        let times = try ReportedTimes(try JSONValue(parsing: report.json.serialized(indented: true)))
        #expect(times.initStarted == 2_944_000 && times.started == 3_000_000 && times.end == 3_500_000)
        #expect(
            times.phases == [
                BootSpan(
                    "machine", start: 3_000_010, duration: 51_990,
                    parts: [
                        BootSpan("planning", start: 3_000_010, duration: 40_000),
                        BootSpan("load-module", "loop", start: 3_041_000, duration: 11_000, outcome: "noted"),
                    ])
            ])
    }

    @Test("in an older report each step begins where the one before it ended")
    func older() throws {
        let times = try ReportedTimes(Self.older)
        #expect(times.initStarted == nil && !times.isAlone)
        #expect(times.phases.map(\.name) == ["root", "state"])
        #expect(
            times.phases.map(\.start) == [5_000_000, 5_059_000] && times.phases.map(\.duration) == [59_000, 6_200])
        #expect(times.phases[0].parts.map(\.start) == [5_000_000, 5_002_000, 5_049_000])
        #expect(times.phases[1].parts.map(\.name) == ["planning", "overlay"])
    }

    @Test("a report without planning has the phases of its steps")
    func withoutPlanning() throws {
        let times = try ReportedTimes(Self.older("planning", nil))
        #expect(times.phases.map(\.name) == ["root", "state"] && times.phases.map(\.start) == [5_000_000, 5_057_000])
        #expect(times.phases.map(\.parts.count) == [2, 1])
    }

    @Test(
        "who was the first process is known by its beginning, or by the first phase of a report without",
        arguments: [(7, true), (.null, false), (nil, false)] as [(JSONValue?, Bool)])
    func alone(beginning: JSONValue?, isAlone: Bool) throws {
        var object = try #require(Self.older.object)
        object["initMicroseconds"] = beginning
        #expect(try ReportedTimes(.object(object)).isAlone == isAlone)
        object["planning"] = [["phase": "machine", "microseconds": 1]]
        #expect(try ReportedTimes(.object(object)).isAlone)
    }

    @Test(
        "a damaged report is refused with what is wrong",
        arguments: [
            ("format", nil, "it has no format"), ("startedMicroseconds", nil, "startedMicroseconds is missing"),
            ("startedMicroseconds", .null, "startedMicroseconds is missing"),
            ("startedMicroseconds", "5", "startedMicroseconds is no time of a boot"),
            ("startedMicroseconds", -1, "startedMicroseconds is no time of a boot"),
            ("startedMicroseconds", .integer(.max), "startedMicroseconds is no time of a boot"),
            ("durationMicroseconds", .number(0.5), "durationMicroseconds is no time of a boot"),
            ("initMicroseconds", true, "initMicroseconds is no time of a boot"),
            ("steps", nil, "it has no steps"), ("steps", [:], "it has no steps"),
            ("steps", [[:]], "an entry has no step"), ("steps", [1], "an entry has no step"),
            ("steps", [["step": "x", "microseconds": 1]], "an entry has no phase"),
            ("steps", [["step": "x", "phase": "root"]], "microseconds is missing"),
            ("planning", [["phase": "root"]], "microseconds is missing"),
            ("planning", [["microseconds": 1]], "an entry has no phase"),
        ] as [(String, JSONValue?, String)])
    func damaged(name: String, value: JSONValue?, cause: String) {
        #expect { try ReportedTimes(Self.older(name, value)) } throws: { error in
            "\(error)" == "reading the report of the initramfs (/run/lifeboot/boot.json): \(cause). "
                + "It is written anew at the next boot."
        }
    }

    @Test("a report of another form names both forms")
    func otherForm() {
        #expect { try ReportedTimes(Self.older("format", 2)) } throws: { error in
            "\(error)".hasSuffix(
                "it has format 2, and this program reads format 1. Use the lifeboot of the version that is in the initramfs."
            )
        }
    }

    @Test("a report that is cut or changed anywhere is read or refused, and never ends the program")
    func survives() throws {
        let bytes = Self.older.serialized(indented: false)
        for place in bytes.indices {
            var changed = bytes
            for byte in [0x00, 0x22, 0x2D, 0x39, 0x5B, 0x7D] as [UInt8] {
                changed[place] = byte
                if let value = try? JSONValue(parsing: changed), let times = try? ReportedTimes(value) {
                    #expect(times.phases.allSatisfy { ($0.duration ?? -1) >= 0 })
                }
            }
            #expect((try? JSONValue(parsing: Array(bytes[..<place]))) == nil)
        }
    }

    @Test("the longest times of very many steps have a sum")
    func longest() throws {
        let step = Self.step("root", "wait", "", BootTimeLimit.clock)
        let times = try ReportedTimes(Self.older("steps", .array(Array(repeating: step, count: 20_000))))
        #expect(times.phases.count == 2 && (times.phases[0].end ?? 0) > BootTimeLimit.clock)
    }
}

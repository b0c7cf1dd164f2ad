import JSONText
import Testing

@testable import BootModel

@Suite("Where the time of a boot went")
struct BootTimelineTests {
    /// A guest that boots by the minimal initramfs, under BIOS.
    static func minimal() throws -> BootTimesFacts {
        var facts = BootTimesFacts(now: 60_000_000)
        facts.report = try report(initStarted: 2_944_000, started: 2_949_000, duration: 1_046_000)
        facts.manager = try ManagerTimes(
            parsing: """
                InitRDTimestampMonotonic=2944000
                UserspaceTimestampMonotonic=5114000
                FinishTimestampMonotonic=19302000
                """)
        return facts
    }

    /// A machine with UEFI and systemd in its initramfs.
    static func full() throws -> BootTimesFacts {
        var facts = BootTimesFacts(now: 60_000_000)
        facts.firmware = try FirmwareTimes([
            .firmwareStart: "150000000", .loaderLoad: "4210000000", .loaderStart: "4433000000",
            .exitStart: "7350000000", .exitEnd: "7352000000",
        ])
        facts.report = try report(initStarted: nil, started: 6_120_000, duration: 420_000)
        facts.manager = try ManagerTimes(
            parsing: """
                FirmwareTimestampMonotonic=7352000
                LoaderTimestampMonotonic=2919000
                InitRDTimestampMonotonic=4219000
                UserspaceTimestampMonotonic=7980000
                FinishTimestampMonotonic=21000000
                """)
        return facts
    }

    private static func report(initStarted: Int64?, started: Int64, duration: Int64) throws -> ReportedTimes {
        try ReportedTimes([
            "format": 1, "initMicroseconds": initStarted.map { .integer($0) } ?? .null,
            "startedMicroseconds": .integer(started), "durationMicroseconds": .integer(duration), "steps": [],
            "planning": [["phase": .string(initStarted == nil ? "root" : "machine"), "microseconds": 1_000]],
        ])
    }

    private static func starts(_ timeline: BootTimeline) -> [Int64?] { timeline.parts.map(\.start) }
    private static func durations(_ timeline: BootTimeline) -> [Int64?] { timeline.parts.map(\.duration) }

    @Test("under BIOS nobody says what was before the kernel, and the agent says where the initramfs begins")
    func minimal() throws {
        let timeline = BootTimeline(try Self.minimal())
        #expect(Self.starts(timeline) == [nil, nil, 0, 2_944_000, 5_114_000])
        #expect(Self.durations(timeline) == [nil, nil, 2_944_000, 2_170_000, 14_188_000])
        #expect(timeline.isAlone == true && timeline.isFinished == true && timeline.problems == [])
        #expect(timeline[.firmware].remark?.hasPrefix("nobody measures it") == true)
        #expect(timeline.total?.start == 0 && timeline.total?.duration == 19_302_000)
        #expect(
            timeline[.initramfs].parts.map { BootSpan($0.name, start: $0.start, duration: $0.duration) } == [
                BootSpan("first-mounts", start: 2_944_000, duration: 5_000),
                BootSpan("machine", start: 2_949_000, duration: 1_000),
                BootSpan("hand-over", start: 3_995_000, duration: 1_119_000),
            ])
    }

    @Test("with UEFI the firmware says what it and GRUB took, before the kernel's clock")
    func full() throws {
        let timeline = BootTimeline(try Self.full())
        #expect(Self.starts(timeline) == [-7_352_000, -2_919_000, 0, 4_219_000, 7_980_000])
        #expect(Self.durations(timeline) == [4_433_000, 2_919_000, 4_219_000, 3_761_000, 13_020_000])
        #expect(timeline.isAlone == false && timeline.problems == [])
        #expect(timeline.total?.start == -7_352_000 && timeline.total?.duration == 28_352_000)
        #expect(timeline[.initramfs].parts.map(\.name) == ["before-lifeboot", "root", "after-lifeboot"])
        #expect(timeline[.initramfs].parts.map(\.duration) == [1_901_000, 1_000, 1_440_000])
        #expect(
            timeline[.firmware].parts == [
                BootSpan("before-firmware", start: -7_352_000, duration: 150_000),
                BootSpan("devices", start: -7_202_000, duration: 4_060_000),
                BootSpan("load-boot-loader", start: -3_142_000, duration: 223_000),
            ])
        #expect(
            timeline[.loader].parts == [
                BootSpan("menu-and-files", start: -2_919_000, duration: 2_917_000),
                BootSpan("end-firmware", start: -2_000, duration: 2_000),
            ])
    }

    @Test("without the firmware's table systemd says the same, as far as it knows")
    func bySystemd() throws {
        var facts = try Self.full()
        facts.firmware = nil
        #expect(Array(Self.durations(BootTimeline(facts)).prefix(2)) == [4_433_000, 2_919_000])
        #expect(BootTimeline(facts)[.firmware].start == -7_352_000)
        facts.manager = try ManagerTimes(parsing: "LoaderTimestampMonotonic=2919000\n")
        let timeline = BootTimeline(facts)
        #expect(Array(Self.durations(timeline).prefix(2)) == [nil, 2_919_000] && timeline[.firmware].start == nil)
        #expect(timeline[.firmware].remark == "systemd does not know when it began")
        facts.firmware = try FirmwareTimes([.firmwareStart: "0", .loaderStart: "0", .exitEnd: "0"])
        #expect(BootTimeline(facts)[.loader].duration == 2_919_000)
    }

    @Test("of firmware that began with the power there is no time before, and firmware that took none is not known")
    func withoutTime() throws {
        var facts = try Self.full()
        facts.firmware = try FirmwareTimes([
            .firmwareStart: "0", .loaderLoad: "4210000000", .loaderStart: "4433000000", .exitEnd: "7352000000",
        ])
        #expect(BootTimeline(facts)[.firmware].parts.map(\.name) == ["devices", "load-boot-loader"])
        #expect(BootTimeline(facts)[.loader].parts == [])
        facts.firmware = nil
        facts.manager = try ManagerTimes(
            parsing: "FirmwareTimestampMonotonic=2919000\nLoaderTimestampMonotonic=2919000\n")
        #expect(BootTimeline(facts)[.firmware].duration == nil && BootTimeline(facts)[.loader].duration == 2_919_000)
    }

    @Test("a table without its end says how long, and not when; without a beginning, nothing of that part")
    func incompleteTable() throws {
        var facts = try Self.full()
        facts.firmware = try FirmwareTimes([.loaderStart: "4433000000"])
        var timeline = BootTimeline(facts)
        #expect(timeline[.firmware].duration == 4_433_000 && timeline[.firmware].start == nil)
        #expect(timeline[.loader].duration == nil && timeline[.loader].remark?.hasSuffix("(ACPI FPDT)") == true)
        #expect(timeline.total?.start == 0)
        facts.firmware = try FirmwareTimes([.exitEnd: "7352000000"])
        timeline = BootTimeline(facts)
        #expect(timeline[.firmware].duration == nil && timeline[.loader].duration == nil)
    }

    @Test("a systemd that was not told of the initramfs is not needed: the agent's report says when it began")
    func untoldSystemd() throws {
        var facts = try Self.minimal()
        facts.manager = try ManagerTimes(parsing: "UserspaceTimestampMonotonic=5114000\n")
        #expect(BootTimeline(facts)[.kernel].duration == 2_944_000)
        #expect(BootTimeline(facts)[.initramfs].duration == 2_170_000)
    }

    @Test("of an older agent that was alone the first phase is where the initramfs begins")
    func olderAlone() throws {
        var facts = try Self.minimal()
        facts.manager = try ManagerTimes(parsing: "UserspaceTimestampMonotonic=5114000\n")
        facts.report = try ReportedTimes([
            "format": 1, "startedMicroseconds": 2_949_000, "durationMicroseconds": 1_046_000, "steps": [],
            "planning": [["phase": "machine", "microseconds": 1_000]],
        ])
        let timeline = BootTimeline(facts)
        #expect(timeline[.initramfs].start == 2_949_000 && timeline.isAlone == true)
        #expect(timeline[.initramfs].parts.map(\.name) == ["machine", "hand-over"])
    }

    @Test("where nobody says when the initramfs began, kernel and initramfs are told together, and never as nothing")
    func unknownInitramfs() throws {
        var facts = try Self.full()
        facts.manager = try ManagerTimes(parsing: "UserspaceTimestampMonotonic=7980000\n")
        for hasReport in [true, false] {
            if !hasReport { facts.report = nil }
            let timeline = BootTimeline(facts)
            #expect(timeline[.kernel].duration == nil && timeline[.initramfs].duration == nil)
            #expect(
                timeline[.kernel].remark
                    == "nobody says when the initramfs began; together with the initramfs it took 7.980 s")
            #expect(timeline[.initramfs].start == nil)
            #expect(timeline[.initramfs].parts.map(\.name) == (hasReport ? ["root"] : []))
            #expect(timeline.isAlone == (hasReport ? false : nil) && !timeline.isEmpty)
        }
    }

    @Test("a boot that goes on is said to, with how long it has taken, and what it waits for")
    func unfinished() throws {
        var facts = try Self.minimal()
        facts.manager = try ManagerTimes(
            parsing: "InitRDTimestampMonotonic=2944000\nUserspaceTimestampMonotonic=5114000\n")
        facts.now = 17_600_000
        let timeline = BootTimeline(facts)
        #expect(timeline.isFinished == false && timeline.total == nil && timeline[.system].duration == nil)
        #expect(
            timeline[.system].remark
                == "systemd has not finished, after 12.486 s; systemctl list-jobs says what it waits for")
    }

    @Test("without systemd the initramfs has a beginning and steps, but no end")
    func withoutManager() throws {
        var facts = try Self.minimal()
        facts.manager = nil
        let timeline = BootTimeline(facts)
        #expect(Self.starts(timeline) == [nil, nil, 0, 2_944_000, nil])
        #expect(Self.durations(timeline) == [nil, nil, 2_944_000, nil, nil])
        #expect(timeline[.initramfs].remark == "nobody says when it ended" && timeline.isFinished == nil)
        #expect(timeline[.initramfs].parts.map(\.name) == ["first-mounts", "machine"])
    }

    @Test("a system that was restarted without its kernel does not end the initramfs of that boot")
    func softReboot() throws {
        var facts = try Self.minimal()
        facts.manager = try ManagerTimes(
            parsing: """
                InitRDTimestampMonotonic=2944000
                UserspaceTimestampMonotonic=905114000
                FinishTimestampMonotonic=912000000
                SoftRebootsCount=2
                """)
        let timeline = BootTimeline(facts)
        #expect(timeline[.initramfs].duration == nil && timeline[.system].duration == 6_886_000)
        #expect(timeline.problems.count == 1 && timeline.problems[0].hasPrefix("The system was restarted"))
    }

    @Test(
        "times that contradict each other are said to, and none is negative",
        arguments: [
            ("InitRDTimestampMonotonic=2950000\nUserspaceTimestampMonotonic=5114000", "begins before the initramfs"),
            ("InitRDTimestampMonotonic=2944000\nUserspaceTimestampMonotonic=3994999", "ends after the initramfs"),
        ])
    func contradictions(lines: String, words: String) throws {
        var facts = try Self.minimal()
        facts.manager = try ManagerTimes(parsing: lines)
        let timeline = BootTimeline(facts)
        #expect(timeline.problems.count == 1)
        #expect(timeline.problems[0].hasSuffix("\(words); one of its times is wrong."), "\(timeline.problems)")
        #expect(timeline[.initramfs].parts.allSatisfy { ($0.duration ?? 0) >= 0 })
    }

    @Test("times that touch each other do not contradict, and nothing is between them")
    func touching() throws {
        var facts = try Self.minimal()
        facts.manager = try ManagerTimes(
            parsing: """
                InitRDTimestampMonotonic=2949000
                UserspaceTimestampMonotonic=3995000
                FinishTimestampMonotonic=3995000
                """)
        let timeline = BootTimeline(facts)
        #expect(timeline.problems == [] && timeline[.initramfs].parts.map(\.name) == ["machine"])
        #expect(timeline[.system].duration == 0 && timeline[.system].remark == nil)
    }

    @Test("a part that would end before it began has no length")
    func backwards() throws {
        var facts = try Self.minimal()
        facts.manager = try ManagerTimes(
            parsing: """
                InitRDTimestampMonotonic=2944000
                UserspaceTimestampMonotonic=2000000
                FinishTimestampMonotonic=1900000
                """)
        let timeline = BootTimeline(facts)
        #expect(timeline[.initramfs].duration == nil && timeline[.system].duration == nil && timeline.total == nil)
        #expect(timeline[.system].remark == "the times contradict: its end is before its beginning")
    }

    @Test("steps alone are something, although nobody says when the initramfs began and ended")
    func stepsAlone() throws {
        var facts = try Self.full()
        facts.manager = nil
        facts.firmware = nil
        #expect(!BootTimeline(facts).isEmpty && BootTimeline(facts)[.initramfs].parts.map(\.name) == ["root"])
    }

    @Test("of nothing nothing is known, and what could not be read is told")
    func nothing() {
        var facts = BootTimesFacts(now: 5)
        facts.problems = ["systemctl: not found"]
        let timeline = BootTimeline(facts)
        #expect(timeline.isEmpty && timeline.total == nil && timeline.problems == ["systemctl: not found"])
        #expect(timeline.parts.map(\.name) == BootPart.allCases.map(\.rawValue))
        #expect(timeline.parts.allSatisfy { $0.duration == nil && $0.remark != nil })
    }

    @Test(
        "seconds have three decimals, and a moment is not shown as none",
        arguments: [
            (0, "0.000"), (499, "<0.001"), (500, "0.001"), (1_499, "0.001"), (59_999_500, "60.000"),
            (-2_919_000, "-2.919"), (1_005_000, "1.005"), (Int64.min, "-9223372036854.776"),
        ] as [(Int64, String)])
    func seconds(time: Int64, text: String) {
        #expect(SecondsText.of(time) == text)
    }
}

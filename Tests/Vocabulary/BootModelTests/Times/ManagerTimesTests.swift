import Testing

@testable import BootModel

@Suite("Times of systemd")
struct ManagerTimesTests {
    @Test("are read by their names in any order, and what systemd does not know is nil and not 0")
    func values() throws {
        let times = try ManagerTimes(
            parsing: """
                FinishTimestampMonotonic=15101482
                UserspaceTimestampMonotonic=8123456
                FirmwareTimestampMonotonic=0
                LoaderTimestampMonotonic=
                InitRDTimestampMonotonic=4219000
                Version=252.39-1~deb12u1

                """)
        #expect(ManagerTimes.Property.allCases.map { times[$0] } == [nil, nil, 4_219_000, 8_123_456, 15_101_482, nil])
        #expect(!times.isRestarted)
    }

    @Test("a system that was restarted without its kernel is one, and a count of 0 is none", arguments: [0, 1, 7])
    func restarted(count: Int) throws {
        #expect(try ManagerTimes(parsing: "SoftRebootsCount=\(count)\n").isRestarted == (count > 0))
    }

    @Test("what is no time of a boot is refused by its name", arguments: ["-1", "soon", "31536000000001", "0x10"])
    func refused(value: String) {
        #expect { try ManagerTimes(parsing: "FinishTimestampMonotonic=\(value)\n") } throws: { error in
            "\(error)"
                == "reading systemd's times: FinishTimestampMonotonic is '\(value)'. Compare with systemd-analyze."
        }
    }

    @Test("no text at all says nothing", arguments: ["", "\n", "FinishTimestampMonotonic", "=5"])
    func nothing(text: String) throws {
        let times = try ManagerTimes(parsing: text)
        #expect(ManagerTimes.Property.allCases.allSatisfy { times[$0] == nil })
    }
}

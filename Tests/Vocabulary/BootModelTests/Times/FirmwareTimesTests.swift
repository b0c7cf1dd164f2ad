import Testing

@testable import BootModel

@Suite("Times of the firmware (ACPI FPDT)")
struct FirmwareTimesTests {
    private static func texts(_ values: [String?]) -> [FirmwareTimes.Point: String] {
        Dictionary(
            uniqueKeysWithValues: zip(FirmwareTimes.Point.allCases, values).compactMap { point, text in
                text.map { (point, $0) }
            })
    }

    @Test("are microseconds since power-on, and 0 is what was not measured, but for the firmware's own start")
    func values() throws {
        let times = try FirmwareTimes(
            Self.texts(["0\n", "4210123999\n", "4433000000\n", "0\n", "6012345678\n"]))
        #expect(
            FirmwareTimes.Point.allCases.map { times[$0] } == [0, 4_210_123, 4_433_000, nil, 6_012_345])
        #expect(!times.isEmpty)
    }

    @Test(
        "nothing of use is in a table of a machine that was started by a BIOS",
        arguments: [["0", "0", "0", "0", "0"], ["12", nil, nil, nil, nil], [nil, nil, nil, nil, nil]] as [[String?]])
    func empty(values: [String?]) throws {
        #expect(try FirmwareTimes(Self.texts(values)).isEmpty)
    }

    @Test(
        "a table that cannot be true is refused with what is wrong in it",
        arguments: [
            (["", nil, nil, nil, nil], "firmware_start_ns is no number"),
            ([nil, "-5", nil, nil, nil], "bootloader_load_ns is no number"),
            ([nil, "12 13", nil, nil, nil], "bootloader_load_ns is no number"),
            ([nil, nil, "99999999999999999999", nil, nil], "bootloader_launch_ns is no number"),
            (
                [nil, nil, nil, nil, "18446744073709551615"],
                "exitbootservice_end_ns is more than an hour after power-on"
            ),
            ([nil, nil, nil, nil, "3600000001000"], "exitbootservice_end_ns is more than an hour after power-on"),
            (["0", "9000", "8000", nil, nil], "bootloader_launch_ns is before what it follows"),
            (["9000", nil, nil, nil, "8000"], "exitbootservice_end_ns is before what it follows"),
        ] as [([String?], String)])
    func refused(values: [String?], cause: String) {
        #expect { try FirmwareTimes(Self.texts(values)) } throws: { error in
            "\(error)" == "reading the firmware's table of times (ACPI FPDT): \(cause). "
                + "A newer version of the machine's firmware may mend that."
        }
    }

    @Test("an hour is still believed")
    func hour() throws {
        #expect(try FirmwareTimes([.exitEnd: "3600000000999"])[.exitEnd] == 3_600_000_000)
    }
}

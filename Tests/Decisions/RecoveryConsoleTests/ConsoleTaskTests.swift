import ImageModel
import RecoveryConsole
import Testing

@Suite("A task of a console")
struct ConsoleTaskTests {
    @Test(
        "is a verb of lifeboot",
        arguments: [
            (.start(.active), ["switch active --once"]), (.rollBack, ["rollback"]),
            (.reset(persistent: false, oem: false), ["reset"]),
            (.reset(persistent: true, oem: true), ["reset --persistent --oem"]),
            (.resume, ["resume"]), (.unschedule, ["reset --unschedule"]), (.upgrade(nil), ["upgrade"]),
            (.upgrade("dir:/a b"), ["upgrade dir:/a b"]),
            (.install(disk: "/dev/sda", isForced: false), ["install /dev/sda"]),
            (.install(disk: "/dev/sda", isForced: true), ["install /dev/sda --force"]),
            (.lease(interface: "eth0"), ["network dhcp eth0"]),
            (
                .address(interface: "eth0", address: "192.0.2.1/24", gateway: "192.0.2.254", server: nil),
                ["network set eth0 192.0.2.1/24 --gateway 192.0.2.254"]
            ),
            (
                .report(device: "/dev/sdb1"),
                [
                    "report --output /run/lifeboot/report.tar.gz",
                    "media copy /run/lifeboot/report.tar.gz /dev/sdb1",
                ]
            ), (.restart, []), (.powerOff, []),
        ] as [(ConsoleTask, [String])])
    func commands(_ task: ConsoleTask, _ commands: [String]) {
        #expect(task.commands.map { $0.joined(separator: " ") } == commands)
    }

    @Test(
        "shows its plan by the same verb",
        arguments: [
            ConsoleTask.rollBack, .reset(persistent: true, oem: false), .upgrade("x"),
            .install(disk: "/dev/sda", isForced: true),
        ])
    func plans(_ task: ConsoleTask) { #expect(task.planCommand == task.commands[0] + ["--dry-run"]) }

    @Test(
        "wants a word typed when it erases something",
        arguments: [
            (.reset(persistent: false, oem: false), .yes), (.reset(persistent: true, oem: false), .word("ERASE")),
            (.reset(persistent: false, oem: true), .word("ERASE")), (.upgrade(nil), .yes),
            (.install(disk: "/dev/sda", isForced: false), .word("ERASE")),
        ] as [(ConsoleTask, ConsoleTask.Consent)])
    func consent(_ task: ConsoleTask, _ consent: ConsoleTask.Consent) { #expect(task.consent == consent) }

    @Test("names what it erases")
    func titles() {
        #expect(ConsoleTask.reset(persistent: true, oem: false).title.contains("ERASE the data"))
        #expect(ConsoleTask.reset(persistent: true, oem: true).title.contains("ERASE data and settings"))
        #expect(ConsoleTask.install(disk: "/dev/sda", isForced: false).title.contains("onto /dev/sda, and ERASE all"))
        #expect(!ConsoleTask.reset(persistent: false, oem: false).title.contains("ERASE"))
    }
}

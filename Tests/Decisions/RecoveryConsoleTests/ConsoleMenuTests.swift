import ImageModel
import RecoveryConsole
import ReleaseModel
import Testing

@Suite("The menu of a console")
struct ConsoleMenuTests {
    private func labels(_ facts: ConsoleFacts) -> [Character] { ConsoleMenu.first(facts).entries.map(\.key) }

    @Test("offers repairs only where the policy allows them")
    func policy() {
        #expect(labels(.failed(policy: .reset)) == Array("1234567890"))
        #expect(labels(.failed(policy: .status)) == Array("890"))
    }

    @Test(
        "does what the words say",
        arguments: [
            ("1", ConsoleTask.start(.active)), ("2", .rollBack), ("3", .reset(persistent: false, oem: false)),
            ("4", .reset(persistent: true, oem: false)), ("5", .reset(persistent: true, oem: true)),
        ] as [(Character, ConsoleTask)])
    func tasks(_ key: Character, _ task: ConsoleTask) {
        let entry = ConsoleMenu.first(.failed()).entries.first { $0.key == key }
        #expect(entry?.choice == .task(task))
    }

    @Test("only starts passive where the roles cannot be exchanged")
    func passiveGivenUp() {
        var facts = ConsoleFacts.failed()
        facts.canRollBack = false
        #expect(ConsoleMenu.first(facts).entries[1].choice == .task(.start(.passive)))
    }

    @Test("says why something cannot be done instead of doing it")
    func obstacles() {
        var facts = ConsoleFacts.failed()
        facts.passive = ConsoleFacts.Choice(obstacle: "no image has this role")
        facts.resetObstacle = "the image of recovery is not whole"
        let entries = ConsoleMenu.first(facts).entries
        #expect(entries[1].choice == .nothing("no image has this role"))
        for place in 2...4 { #expect(entries[place].choice == .nothing("the image of recovery is not whole")) }
    }

    @Test("offers nothing else where something is pending", arguments: [("reset", "127890"), ("install", "17890")])
    func pending(_ operation: String, _ keys: String) {
        var facts = ConsoleFacts.failed()
        facts.pending = operation
        #expect(String(labels(facts)) == keys)
        #expect(ConsoleMenu.first(facts).entries[0].choice == .task(.resume))
    }

    @Test("of a live system installs it, and offers no repair of a machine that it is not", arguments: [true, false])
    func live(isAllowed: Bool) {
        let facts = ConsoleFacts.live(policy: isAllowed ? .reset : .status)
        #expect(labels(facts) == Array(isAllowed ? "17890" : "890"))
        var model = ConsoleModel(facts)
        model.press(.character("8"))
        guard case .menu(let details) = model.page else { return #expect(Bool(false)) }
        #expect(!details.entries.contains { $0.choice == .open(.status) } && details.entries.count == 2)
        #expect(!isAllowed || ConsoleMenu.first(facts).entries[0].choice == .open(.disks))
    }

    @Test("of disks says why one cannot be taken, and can be looked at again")
    func disks() {
        let menu = ConsoleMenu.disks([
            ConsoleDisk("/dev/sda", title: "/dev/sda (1 GB): empty", obstacle: "the system that runs comes from it"),
            ConsoleDisk("/dev/sdb", title: "/dev/sdb (2 GB): empty"),
            ConsoleDisk("/dev/sdc", title: "/dev/sdc (2 GB): a system of lifeboot", needsForce: true),
        ])
        #expect(
            menu.entries.map(\.choice) == [
                .nothing("the system that runs comes from it"), .task(.install(disk: "/dev/sdb", isForced: false)),
                .task(.install(disk: "/dev/sdc", isForced: true)), .open(.disks),
            ])
        #expect(ConsoleMenu.disks([]).entries.count == 2)
    }

    @Test("of sources has the channel, what was found, and a line to type")
    func sources() {
        let found = [
            ConsoleSource("dir:/run/a", title: "acme 3.1", place: "/dev/sdb1"),
            ConsoleSource("dir:/run/b", title: "acme 2", place: "/dev/sdb1", problem: "it is damaged"),
        ]
        let menu = ConsoleMenu.sources(found, problems: ["/dev/sdc1: unreadable"], channel: "oci://r/os/channel:stable")
        #expect(
            menu.entries.map(\.choice) == [
                .task(.upgrade(nil)), .task(.upgrade("dir:/run/a")), .nothing("it is damaged"), .ask(.source),
                .nothing("/dev/sdc1: unreadable"),
            ])
        #expect(ConsoleMenu.sources([], problems: [], channel: nil).entries.map(\.choice) == [.ask(.source)])
    }

    @Test("gives every entry of a long list a key of its own, and none that means something else")
    func keys() {
        let found = (0..<40).map { ConsoleSource("dir:/\($0)", title: "\($0)", place: "x") }
        let keys = ConsoleMenu.sources(found, problems: [], channel: nil).entries.map(\.key).filter { $0 != " " }
        #expect(Set(keys).count == keys.count)
        #expect(!keys.contains("b") && !keys.contains("q"))
    }
}

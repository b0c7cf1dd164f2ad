import RecoveryConsole
import RecoverySession
import ReleaseModel
import Testing

/// A machine of which a session sees only what a test lets it see.
private struct MadeUpWorld: ConsoleWorld, ~Copyable {
    /// What is recorded, for the test that has lent its machine.
    final class Record {
        var written: [UInt8] = []
        var asked: [[String]] = []
        var performed: [[String]] = []
        var ended: [Bool] = []
        var looks = 0
    }

    let record: Record
    var happenings: [ConsoleHappening]
    var answers: [String: ConsoleAnswer] = [:]
    var performs = true
    var facts_ = ConsoleFacts()
    var progress_: [[String]] = []
    var failure_: String?

    var size: ConsoleSize { .standard }
    var terminal: String? { "vt220" }

    mutating func next(within time: Duration?) -> ConsoleHappening {
        // Silence, once it is waited for.
        if time != nil, happenings.first != .timedOut { return .timedOut }
        return happenings.isEmpty ? .closed : happenings.removeFirst()
    }
    mutating func write(_ bytes: [UInt8]) { record.written += bytes }
    mutating func facts() -> ConsoleFacts {
        record.looks += 1
        var facts = facts_
        if record.looks > 1 { facts.problem = failure_ }
        return facts
    }
    mutating func progress() -> [String] { progress_.isEmpty ? [] : progress_.removeFirst() }
    mutating func failure() -> String? {
        // It fails while the session waits.
        record.looks > 0 ? failure_ : nil
    }
    mutating func ask(_ arguments: [String]) -> ConsoleAnswer {
        record.asked.append(arguments)
        return answers[arguments.joined(separator: " ")] ?? ConsoleAnswer(succeeded: true, output: "1. a step\n")
    }
    mutating func messages() -> [String] { ["kernel: hello"] }
    mutating func perform(_ arguments: [String]) -> Bool {
        record.performed.append(arguments)
        return performs
    }
    mutating func end(restart: Bool) -> Bool {
        record.ended.append(restart)
        return true
    }
    mutating func logIn() -> String { "there is no agetty" }
}

@Suite("A session at a console, on a machine")
struct ConsoleSessionTests {
    /// Types keys and returns what the session did.
    private func session(
        _ keys: [String], answers: [String: ConsoleAnswer] = [:], performs: Bool = true,
        progress: [[String]] = [], happenings: [ConsoleHappening]? = nil,
        failure: String? = nil, facts: (inout ConsoleFacts) -> Void = { _ in }
    ) -> MadeUpWorld.Record {
        let record = MadeUpWorld.Record()
        var world = MadeUpWorld(record: record, happenings: happenings ?? keys.map { .bytes(Array($0.utf8)) })
        (world.answers, world.performs, world.progress_) = (answers, performs, progress)
        world.facts_.running = "acme 3.0"
        world.failure_ = failure
        facts(&world.facts_)
        var session = ConsoleSession(world)
        session.run()
        return record
    }

    private func text(_ record: MadeUpWorld.Record) -> String { String(decoding: record.written, as: UTF8.self) }

    @Test("shows the plan of the verb, then runs it, then restarts")
    func reset() {
        let record = session(["3", "y", "\r"])
        #expect(record.asked == [["reset", "--dry-run"]])
        #expect(record.performed == [["reset"]])
        #expect(record.ended == [true])
        #expect(text(record).contains("1. a step"))
    }

    @Test("runs nothing for a plan that is refused, and shows why")
    func refused() {
        let answer = ConsoleAnswer(succeeded: false, errors: "lifeboot: resetting: another operation is at work.\n")
        let record = session(["3", "y", "y"], answers: ["reset --dry-run": answer])
        #expect(record.performed == [])
        #expect(text(record).contains("another operation is at work"))
    }

    @Test("does not restart after what failed, and looks at the machine again")
    func failed() {
        let record = session(["3", "y", "\r"], performs: false)
        #expect(record.ended == [])
        #expect(text(record).contains("It was not done; the reason is above."))
        #expect(record.looks == 3)
    }

    @Test("stops at the first of several commands that fails")
    func sequence() {
        let media = ConsoleAnswer(
            succeeded: true, output: #"{"media":[{"device":"/dev/sdb1","label":"STICK","filesystem":"vfat"}]}"#)
        let record = session(["8", "3", "1", "y"], answers: ["media --json": media], performs: false)
        #expect(record.performed == [["report", "--output", "/run/lifeboot/report.tar.gz"]])
        #expect(text(record).contains("/dev/sdb1 (STICK, vfat)"))
    }

    @Test("offers the images that are found, and says why one is none")
    func sources() {
        let media = ConsoleAnswer(
            succeeded: true,
            output: """
                {"media":[{"device":"/dev/sdb1","label":"STICK","filesystem":"vfat","sources":[
                {"source":"dir:/run/lifeboot/media/sdb1/images/a","title":"acme 3.1","trusted":true},
                {"source":"oci-archive:/x.tar","title":"os","trusted":false}]},
                {"device":"/dev/sdc1","problem":"it cannot be read"}]}
                """)
        let record = session(["6", "1"], answers: ["media --json": media])
        #expect(record.asked.last == ["upgrade", "dir:/run/lifeboot/media/sdb1/images/a", "--dry-run"])
        #expect(text(record).contains("acme 3.1 on /dev/sdb1 (STICK, vfat)"))
        #expect(text(record).contains("signed by no key that this machine trusts"))
        #expect(text(record).contains("Not readable: /dev/sdc1: it cannot be read"))
    }

    @Test("offers a line to type where media cannot be looked at")
    func noMedia() {
        let record = session(["6", "1", "oci://r/os:1\r"], answers: ["media --json": ConsoleAnswer(succeeded: false)])
        #expect(record.asked.last == ["upgrade", "oci://r/os:1", "--dry-run"])
    }

    @Test("installs a live system on the disk that is chosen, once the word is typed")
    func install() {
        let disks = ConsoleAnswer(
            succeeded: true,
            output: """
                {"disks":[{"device":"/dev/sda","bytes":8000000000,"serial":null,"contents":"one partition","needsForce":false,
                "obstacle":"the system that runs comes from it"},
                {"device":"/dev/vda","bytes":20000000000,"serial":"S1","contents":"a system of lifeboot","needsForce":true,
                "byID":["virtio-S1","other"],"obstacle":null}]}
                """)
        let record = session(
            ["1", "1", "2", "ERASE\r", "\r"], answers: ["disks --json": disks], facts: { $0.isLive = true })
        #expect(
            record.asked == [["disks", "--json"], ["install", "/dev/disk/by-id/virtio-S1", "--force", "--dry-run"]])
        #expect(record.performed == [["install", "/dev/disk/by-id/virtio-S1", "--force"]])
        #expect(record.ended == [true])
        #expect(text(record).contains("/dev/vda (20.0 GB, S1): a system of lifeboot"))
        #expect(text(record).contains("the system that runs comes from it"))
    }

    @Test(
        "says why something was not done by itself, also when it was refused before it began, and looks no more often")
    func refusedByItself() {
        let words = "This machine was not installed: no disk is as it says"
        let record = session([], happenings: [.progressed, .timedOut, .progressed], failure: words)
        #expect(text(record).contains("Trouble:  \(words)"))
        #expect(record.looks == 2)
        #expect(session([], happenings: [.progressed, .timedOut]).looks == 1)
    }

    @Test("shows interfaces and takes an address")
    func network() {
        let answer = ConsoleAnswer(
            succeeded: true,
            output: """
                {"interfaces":[{"name":"lo","loopback":true,"addresses":[{"address":"127.0.0.1/8"}]},
                {"name":"eth0","loopback":false,"carrier":true,"addresses":[{"address":"192.0.2.7/24","lent":true}]}]}
                """)
        let record = session(["7", "1", "192.0.2.8/24\r\r\r", "y"], answers: ["network --json": answer])
        #expect(record.performed == [["network", "set", "eth0", "192.0.2.8/24"]])
        #expect(text(record).contains("eth0: 192.0.2.7/24. Set an address"))
        #expect(!text(record).contains("lo: "))
    }

    @Test("draws everything again once others have been silent")
    func overwritten() {
        let record = session([], happenings: [.overwritten])
        #expect(text(record).components("RECOVERY SYSTEM") == 2)
    }

    @Test("shows what is at work elsewhere, and looks at the machine when that has ended")
    func progress() {
        let record = session([], progress: [[], ["reset, step 2 of 5"], []], happenings: [.progressed, .progressed])
        #expect(text(record).contains("At work:  reset, step 2 of 5"))
        #expect(record.looks == 2)
    }

    @Test("says why nobody can log in")
    func login() { #expect(text(session(["9"])).contains("there is no agetty")) }

    @Test("takes Escape alone for that key")
    func escape() {
        let record = session(["8", "\u{1B}", "3", "y"])
        #expect(record.performed == [["reset"]])
    }
}

extension String {
    /// How many times a text is in it.
    fileprivate func components(_ text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let place = rest.firstRange(of: text) {
            count += 1
            rest = rest[place.upperBound...]
        }
        return count
    }
}

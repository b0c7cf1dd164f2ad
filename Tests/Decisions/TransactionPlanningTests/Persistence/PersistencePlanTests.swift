import BootModel
import DiskContract
import Faults
import Plans
import SystemPackage
import Testing
import TransactionPlanning

@Suite("Plan of a reset of what persists")
struct PersistencePlanTests {
    private static let overlay = KeptPath("/etc", .overlay, in: "state/etc")
    private static let bind = KeptPath("/srv", .bind, in: "state/srv")

    private static func facts(
        _ kept: KeptPath = bind, _ part: FilePath = "a/b", here: PersistenceFacts.Entry = .plain,
        image: PersistenceFacts.Entry = .plain, isKept: Bool = true,
        _ change: (inout PersistenceFacts) -> Void = { _ in }
    ) -> PersistenceFacts {
        var facts = PersistenceFacts(kept, part, here: here, image: image, isKept: isKept)
        change(&facts)
        return facts
    }

    private static func names(_ facts: PersistenceFacts) throws -> [String] {
        try PersistencePlan.reset(facts).steps.map { "\($0.action.name) \($0.action.subject)" }
    }

    @Test("what is mounted as an overlay, and a whole path, waits for the next boot")
    func marks() throws {
        #expect(try Self.names(Self.facts(Self.overlay)) == ["write-mark /etc/a/b"])
        #expect(try Self.names(Self.facts(Self.bind, "")) == ["write-mark /srv"])
        let plan = try PersistencePlan.reset(Self.facts(Self.overlay) { $0.mark.add("x") })
        #expect(plan.steps.map(\.action.subject) == ["/etc/x, /etc/a/b"], "what is marked already stays marked")
        #expect(plan.steps.map(\.moment) == [.commit])
    }

    @Test("what lies in a bind is exchanged in one step, which is the commit")
    func exchange() throws {
        let plan = try PersistencePlan.reset(Self.facts())
        #expect(plan.steps.map(\.action.name) == ["stage", "exchange", "clean"])
        #expect(plan.steps.map(\.moment) == [.prepare, .commit, .finish])
        #expect(try Self.names(Self.facts(here: .missing)).dropFirst().first == "put-back /srv/a/b")
        #expect(try Self.names(Self.facts(image: .missing)) == ["take-away /srv/a/b", "clean /srv"])
        #expect(try Self.names(Self.facts(here: .special)).first == "stage /srv/a/b", "a pipe here may go")
    }

    @Test("what is as the image has it, or is marked already, needs no step")
    func nothing() throws {
        #expect(try Self.names(Self.facts(isKept: false)) == [])
        #expect(try Self.names(Self.facts(Self.overlay, isKept: false)) == [])
        #expect(try Self.names(Self.facts(Self.overlay) { $0.mark.add("a") }) == [])
    }

    @Test("a whole path is reset although nothing of it is known to differ")
    func whole() throws {
        #expect(try Self.names(Self.facts(Self.overlay, "", isKept: false)) == ["write-mark /etc"])
    }

    @Test(
        "what cannot be done is refused with the reason",
        arguments: [
            (Self.facts(here: .missing, image: .missing), RefusalKind.notFound, "a link is on the way"),
            (Self.facts(Self.overlay) { $0.hidingFolder = "a" }, .impossible, "/etc/a was made anew here"),
            (Self.facts { $0.mounts = ["/srv/a/b/c"] }, .impossible, "something is mounted on /srv/a/b/c"),
            (Self.facts { $0.hasParent = false }, .impossible, "the folder that it lies in is not there"),
            (Self.facts(image: .special), .impossible, "a device, a pipe or a socket"),
            (
                Self.facts(Self.overlay) { facts in
                    for number in 1...ResetMark.mostPaths { facts.mark.add(FilePath("\(number)")) }
                }, .impossible, "too many paths"
            ),
        ])
    func refusals(facts: PersistenceFacts, kind: RefusalKind, cause: String) throws {
        let error = #expect(throws: Refusal.self) { _ = try PersistencePlan.reset(facts) }
        #expect(error?.kind == kind)
        #expect(error?.cause.contains(cause) == true)
    }

    @Test("taking back leaves what else is marked, and refuses what is not")
    func takesBack() throws {
        let facts = Self.facts(Self.overlay) { facts in for path in ["a/b", "c"] { facts.mark.add(FilePath(path)) } }
        #expect(try PersistencePlan.takeBack(facts).steps.map(\.action.subject) == ["/etc/c"])
        let last = Self.facts(Self.overlay) { $0.mark.add("a/b") }
        #expect(try PersistencePlan.takeBack(last).steps.map(\.action.subject) == ["/etc: none"])
        #expect(throws: Refusal.self) { _ = try PersistencePlan.takeBack(Self.facts(Self.overlay)) }
    }

    @Test(
        "the deepest kept path holds what is asked for",
        arguments: [
            ("/var/log/x/", "/var/log", "x"), ("/var/lib/../spool/y", "/var", "spool/y"), ("/var/log", "/var/log", ""),
            ("/var/logs", "/var", "logs"),
        ])
    func holder(text: String, kept: String, part: String) throws {
        let all = ["/var", "/var/log", "/etc"].map { KeptPath(FilePath($0), .overlay, in: "state/x") }
        let found = try KeptPath.holding(text, among: all)
        #expect(found.kept.path == FilePath(kept) && found.part == FilePath(part))
    }

    @Test("what no kept path holds is not found", arguments: ["/usr", "etc/x", "", "/"])
    func noHolder(text: String) throws {
        let error = #expect(throws: Refusal.self) { _ = try KeptPath.holding(text, among: [Self.overlay]) }
        #expect(error?.kind == .notFound)
    }
}

@Suite("What differs in what persists")
struct KeptDifferenceTests {
    @Test("differences beyond the limit are counted, and said to be left out")
    func limit() {
        var difference = KeptDifference(limit: 1)
        difference.add(KeptChange("/etc/a", .changed, .content, isOlder: true), size: 5)
        difference.add(KeptChange("/etc/b", .added), size: 7)
        difference.add(KeptChange("/etc/c", .changed, .attributes), size: 100)
        #expect(difference.count == 3 && difference.changes.count == 1 && difference.older == 1)
        #expect(difference.bytes == 12, "a file whose mode alone differs takes no room of its own")
        #expect(difference.summary == "1 added, 2 changed")
        #expect(
            difference.lines == ["changed  /etc/a (older than this image, and hides what it has)", "… and 2 more"])
    }

    @Test("files that hide the image's are named whatever the limit is, the first of them")
    func hiding() {
        var difference = KeptDifference(limit: 0)
        for number in 0...KeptDifference.mostHiding {
            difference.add(KeptChange(FilePath("/etc/\(number)"), .changed, .content, isOlder: true))
            difference.add(KeptChange("/etc/new", .changed, .content))
        }
        #expect(difference.changes.isEmpty)
        #expect(difference.hidingLines.first == "/etc/0 is older than this image, and hides what it has.")
        #expect(difference.hidingLines.count == KeptDifference.mostHiding + 1)
        #expect(difference.hidingLines.last == "… and 1 more")
    }

    @Test("nothing that differs is said in words")
    func empty() {
        #expect(KeptDifference(limit: 5).lines == ["All is as the image has it."])
        #expect(KeptDifference(limit: 5).summary == "as in the image")
    }
}

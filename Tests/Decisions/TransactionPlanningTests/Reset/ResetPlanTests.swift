import Faults
import GrubEnvironment
import ImageModel
import Plans
import ReleaseModel
import Testing

@testable import TransactionPlanning

/// An id made of one repeated digit.
func id(_ digit: Character) -> ImageID {
    guard let id = ImageID(String(repeating: digit, count: ImageID.length)) else { fatalError("\(digit) is no digit") }
    return id
}

/// A machine in recovery with everything sound.
func resetFacts(
    wipe: WipeScope? = nil, isEncrypted: Bool = false, hasStoredKey: Bool = false, pending: Bool = true
) -> ResetFacts {
    var environment = BootEnvironment(active: id("a"), passive: id("b"), recovery: id("c"))
    environment.pending = pending ? .reset : nil
    environment.wipe = wipe
    var facts = ResetFacts(
        role: .recovery, environment: environment,
        persistent: PersistentFacts(isEncrypted: isEncrypted, hasStoredKey: hasStoredKey),
        image: PlannedImage(
            source: "the recovery partition", id: id("c"), title: "demo 1.0", size: 100 << 20,
            staging: ".staging-cccccccccccccccc"))
    facts.otherImages = [id("a"), id("b")]
    facts.free = 1 << 30
    return facts
}

@Suite("Reset plan")
struct ResetPlanTests {
    static let running: [(String, @Sendable () throws -> Plan<ResetAction>)] = [
        ("reset-keeping", { try ResetPlan.running(resetFacts()) }),
        ("reset-wiping-all", { try ResetPlan.running(resetFacts(wipe: .all, isEncrypted: true, hasStoredKey: true)) }),
        ("reset-resumed-half-formatted", { try ResetPlan.running(resetFacts(wipe: .persistent)) }),
        (
            "reset-without-room",
            {
                var facts = resetFacts()
                facts.free = 10 << 20
                facts.record = ResetRecord(source: "oci://registry.example/os:stable")
                facts.image.source = "oci://registry.example/os:stable"
                facts.image.id = nil
                return try ResetPlan.running(facts)
            }
        ),
    ]
    static let scheduling: [(String, @Sendable () throws -> Plan<ResetScheduling>)] = [
        (
            "reset-scheduled",
            {
                try ResetPlan.scheduling(
                    ResetRequest(wipe: .persistent), resetFacts(isEncrypted: true, hasStoredKey: true))
            }
        ),
        ("reset-taken-back", { try ResetPlan.unscheduling(resetFacts()) }),
    ]

    @Test("plans are as they are kept", arguments: running.map(\.0))
    func golden(name: String) throws {
        let made = try #require(Self.running.first { $0.0 == name })
        try PlanFile.check(try made.1(), name)
    }

    @Test("plans that make a reset pending or take it back are as they are kept", arguments: scheduling.map(\.0))
    func scheduled(name: String) throws {
        let made = try #require(Self.scheduling.first { $0.0 == name })
        try PlanFile.check(try made.1(), name)
    }

    @Test("only recovery resets", arguments: [Role.active, .passive, nil])
    func role(role: Role?) throws {
        var facts = resetFacts()
        facts.role = role
        let refusal = #expect(throws: Refusal.self) { try ResetPlan.running(facts) }
        #expect(refusal?.kind == .role)
    }

    @Test("nothing is formatted that was not asked for", arguments: [nil, WipeScope.oem, .persistent, .all])
    func wipe(scope: WipeScope?) throws {
        let actions = try ResetPlan.running(resetFacts(wipe: scope)).steps.map(\.action.name)
        #expect(actions.contains("format-oem") == (scope?.includesOEM ?? false))
        #expect(actions.contains("format-persistent") == (scope?.includesPersistent ?? false))
    }

    @Test("OEM is formatted before persistent, whose key it may get, and each is noted before the next")
    func order() throws {
        let names = try ResetPlan.running(resetFacts(wipe: .all)).steps.map(\.action.name)
        let formatting = names.filter { $0.contains("format") }
        #expect(formatting == ["format-oem", "note-formatted", "format-persistent", "note-formatted"])
    }

    @Test("OEM alone is not formatted when it holds the key of the persistent partition")
    func lostKey() {
        let facts = resetFacts(wipe: .oem, isEncrypted: true, hasStoredKey: true)
        #expect(throws: Refusal.self) { try ResetPlan.running(facts) }
        #expect(throws: Refusal.self) { try ResetPlan.scheduling(ResetRequest(wipe: .oem), facts) }
        #expect(throws: Never.self) { try ResetPlan.running(resetFacts(wipe: .oem, isEncrypted: true)) }
    }

    @Test("a passphrase cannot be kept, so it must be given again; one with a key on OEM needs none")
    func passphrase() throws {
        var facts = resetFacts(wipe: .persistent, isEncrypted: true)
        #expect(throws: Refusal.self) { try ResetPlan.running(facts) }
        facts.isKeyGiven = true
        #expect(try protection(facts) == .passphrase)
        facts.record = ResetRecord(protection: PersistentProtection.none)
        #expect(try protection(facts) == PersistentProtection.none)
        facts = resetFacts(wipe: .persistent, isEncrypted: true, hasStoredKey: true)
        #expect(try protection(facts) == .storedKey)
    }

    @Test("what was encrypted when the reset was asked for is encrypted again, even when a cut left it half formatted")
    func remembered() throws {
        var facts = resetFacts(wipe: .persistent, isEncrypted: false, hasStoredKey: true)
        facts.record = ResetRecord(protection: .keyFile)
        #expect(try protection(facts) == .storedKey)
        facts.persistent.hasStoredKey = false
        #expect(throws: Refusal.self) { try ResetPlan.running(facts) }
    }

    @Test("images are given up only for want of room, and never when the image is there already")
    func room() throws {
        var facts = resetFacts()
        facts.free = 1
        #expect(try ResetPlan.running(facts).steps.contains { $0.action.name == "give-up-images" })
        facts.isDeployed = true
        #expect(try !ResetPlan.running(facts).steps.contains { $0.action.name == "give-up-images" })
        facts = resetFacts()
        facts.free = nil
        #expect(try !ResetPlan.running(facts).steps.contains { $0.action.name == "give-up-images" })
    }

    @Test("images are given up for want of a single byte")
    func exactRoom() throws {
        var facts = resetFacts()
        facts.free = facts.image.size + 8_388_608
        #expect(try !ResetPlan.running(facts).steps.contains { $0.action.name == "give-up-images" })
        facts.free = facts.image.size + 8_388_607
        #expect(try ResetPlan.running(facts).steps.contains { $0.action.name == "give-up-images" })
    }

    @Test(
        "the image that is deployed is neither given up nor deleted, whoever has it",
        arguments: [1, 1 << 30] as [Int64])
    func keepsItself(free: Int64) throws {
        var facts = resetFacts()
        facts.free = free
        facts.otherImages.append(id("c"))
        let removed = try ResetPlan.running(facts).steps.flatMap { step in
            switch step.action {
            case .giveUpImages(let images), .deleteImages(let images): images
            default: [ImageID]()
            }
        }
        #expect(removed == [id("a"), id("b")])
    }

    @Test("a key file that lies on OEM is not counted on when OEM is formatted as well")
    func keyGoes() throws {
        var facts = resetFacts(wipe: .all, isEncrypted: true, hasStoredKey: true)
        facts.record = ResetRecord(protection: .keyFile)
        #expect(throws: Refusal.self) { try ResetPlan.running(facts) }
        facts.isKeyGiven = true
        #expect(try protection(facts) == .keyFile)
    }

    @Test("a plan has one commit, and nothing is deleted before it unless it was given up")
    func commit() throws {
        let steps = try ResetPlan.running(resetFacts(wipe: .all)).steps
        let commit = try #require(steps.firstIndex { $0.moment == .commit })
        #expect(steps.filter { $0.moment == .commit }.count == 1)
        #expect(try #require(steps.firstIndex { $0.action.name == "delete-images" }) > commit)
    }

    @Test("a reset that gave the roles up cannot be taken back")
    func takenBack() {
        var facts = resetFacts()
        facts.environment = facts.environment.givingUpImages()
        #expect(throws: Refusal.self) { try ResetPlan.unscheduling(facts) }
        #expect(throws: Refusal.self) { try ResetPlan.unscheduling(resetFacts(pending: false)) }
        facts.environment.passive = id("b")
        #expect(throws: Never.self) { try ResetPlan.unscheduling(facts) }
    }

    @Test("afterwards the image is active on trial, nothing is passive, pending or pinned, and recovery is kept")
    func environment() {
        var before = resetFacts(wipe: .all).environment
        before.defaultRole = .recovery
        before.setTries(0, of: .active)
        let after = before.afterReset(active: id("c"))
        #expect(after == BootEnvironment(active: id("c"), recovery: id("c")))
        #expect(before.pendingReset(wiping: .oem).withoutReset() == before.withoutReset())
    }

    @Test("a record is read back as it was written; what is no record remembers nothing")
    func record() {
        for protection in PersistentProtection.allCases {
            var record = ResetRecord(source: "oci://a/b:c", protection: protection)
            for allows in [false, true] {
                record.allowsOtherProduct = allows
                #expect(ResetRecord(parsing: record.serialized()) == record)
            }
        }
        #expect(ResetRecord(parsing: Array(#"{"format":1}"#.utf8)) == ResetRecord(), "of an earlier agent")
        #expect(ResetRecord(parsing: ResetRecord().serialized())?.isEmpty == true)
        for text in ["", "{}", "{\"format\":2}", "{\"format\":1,\"source\":3}", "{\"format\":1,\"protection\":\"x\"}"] {
            #expect(ResetRecord(parsing: Array(text.utf8)) == nil)
        }
    }

    @Test("what is asked for is remembered, other products as well", arguments: [false, true])
    func remembers(allows: Bool) throws {
        var request = ResetRequest(source: "oci://a/b:c")
        request.allowsOtherProduct = allows
        let steps = try ResetPlan.scheduling(request, resetFacts(pending: false)).steps.map(\.action)
        var record = ResetRecord(source: "oci://a/b:c")
        record.allowsOtherProduct = allows
        #expect(steps.first == .writeRecord(record))
    }

    @Test(
        "an image of another product is refused before anything is formatted; one without a name is not compared",
        arguments: [("demo", "demo"), ("demo", "other"), ("demo", nil), (nil, "other")] as [(String?, String?)])
    func product(recovery: String?, image: String?) throws {
        var facts = resetFacts(wipe: .all)
        facts.product = recovery
        facts.image.name = image
        guard recovery == "demo", image == "other" else {
            #expect(throws: Never.self) { try ResetPlan.running(facts) }
            return
        }
        let refusal = #expect(throws: Refusal.self) { try ResetPlan.running(facts) }
        #expect(refusal?.kind == .product && refusal?.cause == "it is other, and recovery is demo")
        #expect(refusal?.remedy.contains("lifeboot reset --resume --allow-other-product") == true)
    }

    private func protection(_ facts: ResetFacts) throws -> PersistentProtection? {
        let actions = try ResetPlan.running(facts).steps.map(\.action)
        for case .formatPersistent(let protection) in actions { return protection }
        return nil
    }
}

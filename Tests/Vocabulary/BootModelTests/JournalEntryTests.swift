import GrubEnvironment
import ImageModel
import Testing

@testable import BootModel

@Suite("Entries of the journal")
struct JournalEntryTests {
    static let image = ImageID("0123456789abcdef")

    private func boot(_ outcome: BootRecord.Outcome, _ reason: BootReason, cause: String? = nil) -> JournalEntry? {
        var parameters = BootParameters()
        (parameters.role, parameters.image, parameters.reason, parameters.triesLeft) = (.passive, Self.image, reason, 2)
        var record = BootRecord(parameters, bootID: "boot", time: 1, outcome: outcome)
        record.cause = cause
        return JournalEntry(.boot(record))
    }

    @Test(
        "a boot is told by what became of it, with role and image as fields",
        arguments: [
            (.booted, .default, .booted), (.booted, .fallback, .fellBack), (.booted, .rescue, .fellBack),
            (.healthy, .fallback, .healthy), (.unhealthy, .next, .unhealthy),
        ] as [(BootRecord.Outcome, BootReason, JournalMessage)])
    func boots(outcome: BootRecord.Outcome, reason: BootReason, message: JournalMessage) throws {
        let entry = try #require(boot(outcome, reason, cause: "active: it is damaged"))
        #expect(entry.message == message && entry["MESSAGE_ID"] == message.rawValue)
        #expect(entry["LIFEBOOT_ROLE"] == "passive" && entry["LIFEBOOT_IMAGE"] == "0123456789abcdef")
        #expect(entry["LIFEBOOT_REASON"] == reason.rawValue && entry["LIFEBOOT_TRIES"] == "2")
        #expect(entry["LIFEBOOT_CAUSE"] == "active: it is damaged" && entry["LIFEBOOT_STEP"] == nil)
        #expect(entry["MESSAGE"]?.hasSuffix(": active: it is damaged") == true)
        #expect(entry["PRIORITY"] == "\(message.priority)" && entry["SYSLOG_IDENTIFIER"] == "lifeboot")
    }

    @Test("a boot that failed in the initramfs is not told again")
    func failed() { #expect(boot(.failed, .default) == nil) }

    @Test(
        "an operation is told by its kind",
        arguments: zip(OperationRecord.Kind.allCases, [.upgraded, .rolledBack, .reset, .installed] as [JournalMessage]))
    func operations(kind: OperationRecord.Kind, message: JournalMessage) throws {
        let image = try #require(Self.image)
        let record = OperationRecord(kind, .active, image: image, former: nil, title: "acme 3", bootID: "", time: 1)
        let entry = try #require(JournalEntry(.operation(record)))
        #expect(entry.message == message && entry["MESSAGE"] == "\(kind.rawValue): active is acme 3 now")
        #expect(entry["LIFEBOOT_OPERATION"] == kind.rawValue && entry["LIFEBOOT_ROLE"] == "active")
        #expect(entry["LIFEBOOT_FORMER_IMAGE"] == nil && entry["LIFEBOOT_TITLE"] == "acme 3")
    }

    @Test("a value of more lines goes with its length, any other as a line, and both are cut where they are absurd")
    func datagram() {
        let long = String(repeating: "x", count: 5000)
        let entry = JournalEntry(failure: "one\ntwo", of: "reset", step: long, in: BootParameters())
        var expected = Array("MESSAGE\n".utf8) + [7, 0, 0, 0, 0, 0, 0, 0] + Array("one\ntwo\n".utf8)
        expected += Array("MESSAGE_ID=0edf8c2ff4214b76ad0a8e15665e4e3b\nPRIORITY=3\nSYSLOG_IDENTIFIER=lifeboot\n".utf8)
        expected += Array("LIFEBOOT_OPERATION=reset\nLIFEBOOT_STEP=\(String(repeating: "x", count: 4096))\n".utf8)
        #expect(entry.datagram == expected)
    }
}

import DocumentTree
import FieldCorpus
import OEMModel
import Testing
import YAMLDocuments

@Suite("The files of existing users", .enabled(if: FieldCorpus.folder != nil))
struct CorpusVerdictsTests {
    /// Files whose verdict differs on purpose, by the end of their names: what is said of them, and why.
    static let differences: [String: (found: String, reason: String)] = [
        "cloud-config-write-files.txt.yaml": ("reject", "a text that was cut off is no base64"),
        "cc_write_files__example1.yaml.yaml": ("reject", "a text that was cut off is no base64"),
        "hetzner.md#block5.yaml": ("reject", "a placeholder is no base64"),
        "README.md#block13.yaml": ("reject", "a plain script is no base64"),
        "README.md#block14.yaml": ("reject", "an empty text is no address"),
        "extra-rpms.md#block1.yaml": ("reject", "a placeholder is no address"),
        "cc_package_update_upgrade_install__example1.yaml.yaml": ("reject", "snaps are not installed"),
        "cc_keyboard__example1.yaml.yaml": ("accept", "the keyboard is set"),
        "cc_keyboard__example2.yaml.yaml": ("accept", "the keyboard is set"),
        "cc_keyboard__example3.yaml.yaml": ("accept", "the keyboard is set"),
        "cc_power_state_change__example1.yaml.yaml": ("accept", "the machine is restarted"),
        "cc_power_state_change__example2.yaml.yaml": ("accept", "the machine is restarted"),
        "cc_resizefs__example2.yaml.yaml": ("accept", "the key is understood"),
        "custom_cloud-config.yaml#cloud-config1.yaml": ("warn", "another program puts the header before it"),
        "elemental-dev-example.yaml#cloud-config1.yaml": ("warn", "another program puts the header before it"),
        "MachineRegistration.yaml#cloud-config1.yaml": ("warn", "another program puts the header before it"),
        "seedimage-vm-tools.yaml#cloud-config2.yaml": ("warn", "another program puts the header before it"),
        "registration-proxy.yaml#cloud-config1.yaml": ("warn", "another program puts the header before it"),
    ]

    @Test("get the verdict that they should get", arguments: FieldCorpus.entries)
    func verdicts(_ entry: FieldCorpus.Entry) throws {
        let file = OEMFile.parse(try entry.bytes())
        let expected =
            entry.verdict.hasPrefix("accept") ? "accept" : entry.verdict.hasPrefix("warn") ? "warn" : "reject"
        let found =
            switch file.worst {
            case nil, .note: "accept"
            case .warning: "warn"
            case .step, .file: "reject"
            }
        let difference = Self.differences.first { entry.file.hasSuffix($0.key) }?.value.found
        #expect(found == difference ?? expected, "\(entry.verdict): \(file.remarks)")
    }
}

extension OEMFile {
    static func parse(_ bytes: [UInt8]) -> OEMFile {
        OEMFile(bytes) { (bytes) throws(DocumentError) in try YAMLDocument.parse(bytes, references: .expanded) }
    }
}

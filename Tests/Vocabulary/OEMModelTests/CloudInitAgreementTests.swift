import FieldCorpus
import OEMModel
import Testing

@Suite(
    "A #cloud-config before cloud-init's own schema",
    .enabled(if: CloudInitSchema.isThere, "cloud-init is not installed, or no files of existing users are named"))
struct CloudInitAgreementTests {
    /// A kind of difference; each has files, or it would not be in the list.
    enum Difference: String, CaseIterable {
        // Refused by cloud-init alone.
        case empty = "a key without a value is as if it were not there"
        case octal = "a mode without quotes is taken; for cloud-init it has to be a text"
        case scalar = "a number or a truth is taken as the text that is written"
        case place = "ssh_pwauth of one user is taken, and without effect"
        case doas = "doas is taken, and without effect; Debian's cloud-init does not know it"
        case foreign = "what a key of another program says is not looked at"
        // Refused here alone.
        case stages = "what is wrong inside stages is nothing to cloud-init"
        case repeated = "a key twice in one mapping is refused; cloud-init takes the last"
        case base64 = "a content that is no base64 is refused; the schema does not decode it"
    }

    /// The files of which the two say something different, by the ends of their names.
    static let differences: [String: Difference] = [
        "homelab-new-vm__user-data.yaml": .place,
        "cloud-config-add-apt-repos.txt.yaml": .repeated,
        "cloud-config-ansible-pull.txt.yaml": .foreign,
        "cloud-config-write-files.txt.yaml": .base64,
        "cc_locale__example3.yaml.yaml": .scalar,
        "cc_users_groups__example4.yaml.yaml": .doas,
        "cc_write_files__example1.yaml.yaml": .base64,
        "kairos__examples__cloud-configs__master.yaml.yaml": .empty,
        "kairos__examples__cloud-configs__wifi.yaml.yaml": .empty,
        "schema__validate_test.go#str2.yaml": .stages,
        "schema__validate_test.go#str6.yaml": .scalar,
        "bandwidth-optimized-upgrades.md#block6.yaml": .octal,
        "boot_assessment_trusted_boot.md#block8.yaml": .stages,
        "docs__examples__bundles.md#block1.yaml": .empty,
        "multi-node-p2p-ha-kubevip.md#block1.yaml": .empty,
        "multi-node-p2p-ha.md#block1.yaml": .empty,
        "multi-node-p2p.md#block1.yaml": .empty,
        "multi-node.md#block4.yaml": .octal,
        "cloud-servers__hetzner.md#block5.yaml": .base64,
        "reference__stage_modules.md#block10.yaml": .stages,
        "c3os__examples__cloud-configs__wifi-alpine.yaml.yaml": .empty,
        "c3os__examples__cloud-configs__wifi.yaml.yaml": .empty,
        "keylime__keylime.yaml.yaml": .stages,
    ]

    @Test("is refused by both or by neither, but for differences that are named")
    func agreement() throws {
        let entries = FieldCorpus.entries.filter(\.isCloudConfig)
        #expect(entries.count > 200)
        let problems = try CloudInitSchema.problems(of: entries.map(\.path))
        for entry in entries {
            let theirs = try #require(problems[entry.path], "cloud-init said nothing of \(entry)")
            let file = OEMFile.parse(try entry.bytes())
            let isRefused = (file.worst ?? .note) >= .step
            let isNamed = Self.differences.keys.contains(where: entry.file.hasSuffix)
            #expect(
                (isRefused != !theirs.isEmpty) == isNamed,
                "\(entry)\nhere: \(file.remarks)\ncloud-init: \(theirs)")
        }
        #expect(Set(Self.differences.values).count == Difference.allCases.count)
    }
}

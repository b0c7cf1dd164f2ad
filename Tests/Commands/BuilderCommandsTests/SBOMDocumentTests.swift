import ArgumentParser
import BillCheckers
import Foundation
import ImageBuilding
import ImageFolders
import JSONText
import LinuxSystem
import OutputSchemas
import RegistryAccess
import RegistryModel
import SystemPackage
import TestServers
import Testing

@testable import BuilderCommands

/// Runs what docs/sbom.md tells people to type.
@Suite("docs/sbom.md", .enabled(if: BillCheckers.arePresent))
struct SBOMDocumentTests {
    static func commands() throws -> [String] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/sbom.md")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
    }

    static func prepare(_ folder: TestFolder) throws {
        let script = """
            cd \(folder.url.path); mkdir -p root/boot root/sbin root/etc root/var/lib/dpkg; cp /bin/true root/sbin/init
            printf 'ID=test\\nVERSION_ID=7\\nVERSION_CODENAME=seven\\n' > root/etc/os-release
            printf kernel > root/boot/vmlinuz-6.1; printf initrd > root/boot/initrd.img-6.1
            mkdir -p root/usr/lib/modules/6.1 root/usr/lib/lifeboot; printf agent > root/usr/lib/lifeboot/lifeboot-init
            package() { printf 'Package: %s\\nStatus: install ok installed\\nMaintainer: A <a@b.c>\\nVersion: %s\\n\\n' $1 $2; }
            (package bash 1; package old 2) > root/var/lib/dpkg/status; tar -C root --numeric-owner -cf root.tar .
            (package bash 1.1; package 'new_|x' 2) > root/var/lib/dpkg/status; printf 'VERSION_ID=8\\n' >> root/etc/os-release
            tar -C root --numeric-owner -cf next.tar .
            """
        _ = try Tool.run("bash", ["-euc", script])
    }

    /// A line's words with paths in the folder.
    static func arguments(_ line: String, _ folder: TestFolder) -> [String] {
        let names: Set = ["keys", "root.tar", "next.tar", "next"]
        return line.split(separator: " ").dropFirst().enumerated().map { index, word in
            let first = String(word.prefix { $0 != "/" })
            return names.contains(first) || first == "image" && (index > 0 || word.contains("/"))
                ? "\(folder.url.path)/\(word)" : String(word)
        }
    }

    @Test("every command does what it says, and the differences are told", .timeLimit(.minutes(5)))
    func commands() throws {
        let folder = try TestFolder()
        try Self.prepare(folder)
        for line in try Self.commands() {
            let arguments = Self.arguments(line, folder)
            if line.hasPrefix("boatyard") {
                var command = try BoatyardCommand.parseAsRoot(arguments)
                do { try command.run() } catch let end as ExitCode {
                    // That they differ is what it is asked for.
                    #expect(line.contains("image diff") && end.rawValue == 1, "\(line): \(end)")
                }
            } else {
                let place = FilePath(try #require(arguments.last))
                try BillCheckers.check(FileBytes.read(place, limit: 1 << 20))
            }
        }
        let place: (String) throws -> SourceReference = { try SourceReference(parsing: "dir:\(folder.url.path)/\($0)") }
        let difference = try ImageDifference(
            from: place("image"), to: place("next"), RegistryConfiguration(authFiles: []))
        try expect(ImageDiffReport(difference))
        let image = try ImageFolder(FilePath("\(folder.url.path)/image"))
        try OutputSchema.check(try ImageInspectCommand.json(image), "image-inspect")
        let key = try ImageKeys.publicKey(FilePath("\(folder.url.path)/keys/lifeboot.pub"))
        let findings = try ImageVerifier.verify(image, key: key) { _ in }
        try OutputSchema.check(ImageVerifyCommand.json(image, findings), "image-verify")
        #expect(findings.allSatisfy { $0.fault == nil })
        let same = ImageDiffReport(
            try ImageDifference(from: place("next"), to: place("next"), RegistryConfiguration(authFiles: [])))
        #expect(same.lines == ["They are the same."] && same.markdown == same.lines && same.json["same"] == true)
    }

    private func expect(_ report: ImageDiffReport) throws {
        let lines = report.lines
        #expect(lines[0].hasPrefix("old  test 7 (") && lines[1].hasPrefix("new  test 8 ("))
        let words = lines.dropFirst(2).map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            words.dropLast() == [
                "- deb old 2", "+ deb new_|x 2", "~ deb bash 1 -> 1.1", "~ /etc/os-release: content",
                "~ /var/lib/dpkg/status: content",
            ])
        #expect(lines.last?.hasPrefix("An upgrade moves ") == true)
        #expect(
            report.markdown.dropLast() == [
                "## test 8, after 7", "", "| package | before | after |", "|---|---|---|", "| old | 2 |  |",
                "| new\\_\\|x |  | 2 |", "| bash | 1 | 1.1 |", "", "Files: 0 new, 0 gone, 2 changed.",
            ])
        try OutputSchema.check(report.json, "image-diff")
        #expect(report.json["same"] == false && report.json["new"]?["version"] == "8")
        #expect(report.json["packages"]?["changed"] == [["kind": "deb", "name": "bash", "old": "1", "new": "1.1"]])
        #expect(report.json["files"]?["changed"]?.elements?.first == ["path": "/etc/os-release", "in": ["content"]])
        #expect(try #require(report.json["upgrade"]?["bytes"]?.integer) > 0)
    }
}

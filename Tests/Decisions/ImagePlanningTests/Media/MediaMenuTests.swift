import Foundation
import ImageModel
import Snapshots
import Testing

@testable import ImagePlanning

@Suite("GRUB's configuration of a medium")
struct MediaMenuTests {
    private static func id(_ text: String) throws -> ImageID { try #require(ImageID(text)) }

    @Test("boots the live system, with another image in its place when it is damaged")
    func live() throws {
        let menu = MediaMenu(try Self.id("0123456789abcdef"), others: [try Self.id("fedcba9876543210")])
        try Snapshot.check(menu.configuration, "media-menu-live.cfg")
        try Snapshot.check(menu.early, "media-menu-early.cfg")
    }

    @Test("installs where the medium says how, by itself only when asked to, and never another image")
    func install() throws {
        let image = try Self.id("0123456789abcdef")
        var menu = MediaMenu(image, others: [try Self.id("fedcba9876543210")], hasInstallation: true)
        #expect(menu.configuration.contains("function lifeboot_automatic {\n    lifeboot_live\n}"))
        menu.isUnattended = true
        try Snapshot.check(menu.configuration, "media-menu-unattended.cfg")
        #expect(
            menu.configuration.contains(
                "function lifeboot_install {\n    set lifeboot_images=\"\(image)\"\n    lifeboot_start lifeboot.install=yes\n}"
            ))
    }

    @Test("says nothing of a boot from a disk", arguments: ["role", "boot", "tries", "reason"])
    func noRole(argument: String) throws {
        let menu = MediaMenu(try Self.id("0123456789abcdef"), hasInstallation: true)
        #expect(!menu.configuration.contains("lifeboot.\(argument)"))
    }

    @Test("uses only commands that are built into GRUB, and is found by no label and no UUID")
    func modules() throws {
        let menu = MediaMenu(try Self.id("0123456789abcdef"), hasInstallation: true)
        #expect(!menu.configuration.contains("--label") && !menu.configuration.contains("--fs-uuid"))
        for module in [
            "search", "regexp", "hashsum", "loadenv", "iso9660", "fat", "serial", "sleep", "reboot", "linux",
        ] {
            #expect(GrubModules.mediumBIOS.contains(module) && GrubModules.mediumEFI.contains(module))
        }
    }

    @Test(
        "is a script that GRUB reads",
        .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/grub-script-check")),
        arguments: [true, false])
    func syntax(hasInstallation: Bool) throws {
        let menu = MediaMenu(try Self.id("0123456789abcdef"), hasInstallation: hasInstallation)
        let file = FileManager.default.temporaryDirectory.appending(path: "menu-\(UUID()).cfg")
        defer { try? FileManager.default.removeItem(at: file) }
        try menu.configuration.write(to: file, atomically: true, encoding: .utf8)
        let check = try Process.run(URL(filePath: "/usr/bin/grub-script-check"), arguments: [file.path()])
        check.waitUntilExit()
        #expect(check.terminationStatus == 0)
    }
}

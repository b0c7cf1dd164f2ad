import Foundation
import OEMExecution
import SystemPackage
import TestServers
import Testing

@Suite("Versions at which packages are kept")
struct PackagePinsTests {
    private static let pins: [PackagePins.Pin] = [("a", "1.2-3"), ("b", "4")]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("are written as each package manager reads them")
    func forms() {
        #expect(
            Self.text(PackagePins.apt(Self.pins))
                == "Package: a\nPin: version 1.2-3\nPin-Priority: 1001\n\nPackage: b\nPin: version 4\nPin-Priority: 1001\n"
        )
        #expect(Self.text(PackagePins.dnf(Self.pins)) == "a-1.2-3.*\nb-4-*\n")
    }

    @Test("leave what others wrote, and are not there twice")
    func kept() {
        let locks = "type: package\nsolvable_name: other\nversion: != 1\n\n\ntype: package\nsolvable_name: x\n"
        let once = PackagePins.zypper(Array(locks.utf8), Self.pins)
        #expect(Self.text(once).hasPrefix("type: package\nsolvable_name: other\nversion: != 1\n\ntype: package\n"))
        #expect(Self.text(once).contains("solvable_name: a\nversion: != 1.2-3\n"))
        #expect(PackagePins.zypper(once, Self.pins) == once)
        let fewer = Self.text(PackagePins.zypper(once, [("a", "2")]))
        #expect(!fewer.contains("name: b") && !fewer.contains("1.2-3") && fewer.contains("name: other"))

        let world = PackagePins.apk(Array("a\nab\na>1\nb~=2\nc@edge\n".utf8), Self.pins)
        #expect(Self.text(world) == "ab\nc@edge\na=1.2-3\nb=4\n")
        #expect(PackagePins.apk(world, Self.pins) == world)
    }

    @Test("are taken by apt", .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/apt-cache")))
    func apt() throws {
        let root = try FixtureRoot()
        try root.write(Self.text(PackagePins.apt([("bash", "0.0-1"), ("dpkg", "1*")])), to: "/pins")
        let said = try Tool.run("apt-cache", ["-o", "Dir::Etc::Preferences=\(root.path)/pins", "policy"])
        #expect(said.contains("dpkg ->") && said.contains("with priority 1001"))
    }

    @Test("go to the package manager that the root has, and are an error without one")
    func managers() throws {
        let step = "stages: {boot: [{package_pins: {nano: '5.0'}}]}"
        for (program, file) in [("apt-get", PackagePins.aptFile), ("apk", PackagePins.apkFile)] {
            let root = try FixtureRoot(["/oem/1.yaml": step, "/usr/bin/\(program)": ""])
            #expect(try root.run("boot").problems == [])
            #expect(try root.text(file.string).contains("nano"))
            #expect(try root.run("boot").steps[0].actions.map(\.isChanged) == [false])
        }
        #expect(try FixtureRoot(["/oem/1.yaml": step]).run("boot").problems.count == 1)
        let dnf = try FixtureRoot(["/oem/1.yaml": step, "/usr/bin/dnf": "", "\(PackagePins.dnfPlugin)": ""])
        #expect(try dnf.run("boot").problems == [])
        #expect(try dnf.text(PackagePins.dnfFile.string) == "nano-5.0-*\n")
    }
}

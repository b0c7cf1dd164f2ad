import Faults
import Foundation
import LinuxSystem
import SystemPackage
import TestMachines
import Testing

@testable import AgentCommands

@Suite("lifeboot boot-times")
struct BootTimesCommandTests {
    @Test("the picture replaces a file, and neither a folder nor what a link leads to")
    func picture() throws {
        let folder = try TestFolder()
        let path = folder.path.appending("boot.svg")
        for text in ["<svg/>", "<svg>2</svg>"] {
            try BootTimesCommand.write(text, to: path)
            #expect(try FileBytes.read(path, limit: 100) == Array(text.utf8))
        }
        let link = folder.path.appending("link")
        try FileManager.default.createSymbolicLink(atPath: link.string, withDestinationPath: "/dev/stdout")
        for other in [link, folder.path] {
            #expect { try BootTimesCommand.write("", to: other) } throws: { "\($0)".contains("\(other)") }
        }
        #expect(try FileStatus.of(link, followingLinks: false)?.kind == .link)
    }

    @Test("where nobody tells anything it says so, and why, and could not find out")
    func nobody() {
        let refusal = Refusal.noTimes(["a: b.", "c: d."])
        #expect(
            "\(refusal)"
                == "measuring this boot: nobody tells its times: a: b. c: d. Run this in a system that systemd has started."
        )
        #expect(AgentExit(refusal.kind) == .undetermined)
    }
}

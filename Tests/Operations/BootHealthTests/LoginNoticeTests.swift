import Foundation
import SystemPackage
import TestMachines
import Testing

@testable import BootHealth

@Suite("Notices at a login")
struct LoginNoticeTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func texts(_ notice: LoginNotice) throws -> [String] {
        try notice.files.map { file in
            try String(contentsOfFile: folder.path.appending(file.components).string, encoding: .utf8)
        }
    }

    @Test("its lines stand before and after a login, without what a terminal obeys")
    func lines() throws {
        let notice = LoginNotice("told", ["One\u{1B}[2J", "C:\\\\x"])
        try notice.write(below: folder.path)
        #expect(notice.files == ["issue.d/told.issue", "motd.d/told"])
        #expect(try texts(notice)[1] == "One [2J\nC:\\\\x\n\n")
        #expect(try texts(notice)[0] == "One [2J\nC:\\\\\\\\x\n\n", "agetty takes one of two away")
    }

    @Test("without lines it is taken away, and others stay")
    func none() throws {
        try LoginNotice("told", ["x"]).write(below: folder.path)
        try LoginNotice("other", ["x"]).write(below: folder.path)
        try LoginNotice("told", []).write(below: folder.path)
        #expect(try folder.names("issue.d") == ["other.issue"] && folder.names("motd.d") == ["other"])
    }
}

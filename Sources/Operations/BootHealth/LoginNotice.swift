import LinuxSystem
package import SystemPackage

/// What stands on the screen before and after a login.
package struct LoginNotice: Equatable, Sendable {
    private let name: String
    private let lines: [String]

    /// Names the notice; without lines there is none.
    package init(_ name: String, _ lines: [String]) {
        self.name = name
        self.lines = lines.map(Self.printable)
    }

    /// Where it goes below `/run`: agetty(8) shows the first before a login, pam_motd(8) the second after it.
    package var files: [FilePath] { [FilePath("issue.d/\(name).issue"), FilePath("motd.d/\(name)")] }

    /// Puts it on the screen, or takes away what was there.
    ///
    /// - Parameter root: where `/run` is.
    /// - Throws: `SystemError` when a file cannot be written.
    package func write(below root: FilePath = "/run") throws {
        for (index, file) in files.enumerated() {
            let path = root.appending(file.components)
            if lines.isEmpty {
                if try FileStatus.of(path, followingLinks: false) != nil { try Folders.removeFile(path) }
                continue
            }
            try Folders.make(path.removingLastComponent())
            // agetty(8) takes a backslash for the begin of a sequence.
            let text = (lines + [""]).joined(separator: "\n") + "\n"
            let escaped = text.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
            let shown = index == 0 ? escaped : text
            try AtomicFile.write(Array(shown.utf8), to: path)
        }
    }

    /// One line without what a terminal obeys.
    static func printable(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? " " : Character($0) })
    }
}

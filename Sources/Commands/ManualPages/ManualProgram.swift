import ArgumentParser
package import CommandOutput
import LinuxSystem
package import SystemPackage

/// Writes the manual and the completions of both programs into a folder, for packages and `make install`.
package enum ManualProgram {
    /// Runs with the arguments of this process, the checkout and the folder, and ends it.
    package static func start(
        agent: any DocumentedCommand.Type, builder: any DocumentedCommand.Type
    ) -> Never {
        let output = Output("manual-pages", .lines)
        guard let arguments = ThisProcess.arguments, arguments.count == 2 else {
            output.say("Name the checkout and the folder to write into.")
            ThisProcess.end(ExitStatus.usage)
        }
        do {
            let count = try write(
                agent: agent, builder: builder, checkout: FilePath(arguments[0]), into: FilePath(arguments[1]))
            output.print(["\(count) files in \(arguments[1])"])
            ThisProcess.end(output.finish(ExitStatus.success))
        } catch {
            output.say("\(error)")
            ThisProcess.end(ExitStatus.undetermined)
        }
    }

    /// Writes everything; what lies in the folder under other names stays.
    ///
    /// - Returns: how many files were written.
    /// - Throws: `SystemError` for a document that cannot be read or a file that cannot be written.
    package static func write(
        agent: any DocumentedCommand.Type, builder: any DocumentedCommand.Type, checkout: FilePath,
        into folder: FilePath
    ) throws -> Int {
        let pages = try Manual.pages(agent: agent, builder: builder) { path in
            String(decoding: try FileBytes.read(checkout.appending(path), limit: 1 << 20), as: UTF8.self)
        }
        var files = pages.map { (path: "man/\($0.name.path)", text: $0.text) }
        for root in [agent, builder] { files += completions(of: root) }
        for file in files { try write(file.text, folder.appending(file.path)) }
        return files.count
    }

    /// What shells read to complete command lines of a program, under the names by which they look for it.
    package static func completions(of root: any DocumentedCommand.Type) -> [(path: String, text: String)] {
        let name = root.program
        return [
            ("completions/bash/\(name)", sourced(root.completionScript(for: .bash))),
            ("completions/zsh/_\(name)", root.completionScript(for: .zsh)),
            ("completions/fish/\(name).fish", root.completionScript(for: .fish)),
        ]
    }

    /// A script without the line that names a shell: nobody starts it, and Debian's checker takes it for a program.
    private static func sourced(_ script: String) -> String {
        script.hasPrefix("#!") ? String(script.drop { $0 != "\n" }.dropFirst()) : script
    }

    private static func write(_ text: String, _ path: FilePath) throws(SystemError) {
        try Folders.make(path.removingLastComponent())
        try AtomicFile.write(Array(text.utf8), to: path)
    }
}

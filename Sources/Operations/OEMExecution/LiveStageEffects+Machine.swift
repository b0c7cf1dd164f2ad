import Faults
import LinuxSystem
import OEMModel
import OEMPlanning
import Plans
import SystemPackage

// Names, settings of the kernel, and texts for a shell.
extension LiveStageEffects {
    mutating func runScript(_ name: String, _ text: String) throws -> StepResult<Never> {
        guard root.isRunning else { throw StageError.onlyRunning("running", name) }
        let result = try shell.run(text)
        guard result.succeeded else { throw StageError.program("running", name, result.words) }
        return StepResult()
    }

    mutating func setHostname(_ name: String) throws -> StepResult<Never> {
        guard HostNames.isName(name) else {
            throw StageError(
                .impossible, "setting the hostname to", "'\(name)'", cause: "it is no hostname",
                remedy: "Use letters, digits, '-' and '.', at most 64.")
        }
        var isChanged = try root.rewrite(Array("\(name)\n".utf8), to: "/etc/hostname")
        let hosts = try root.read("/etc/hosts") ?? []
        if try root.rewrite(HostNames.local(hosts, name), to: "/etc/hosts") { isChanged = true }
        if root.isRunning, KernelNames.hostname != name {
            try KernelNames.set(hostname: name)
            isChanged = true
        }
        return changed(isChanged)
    }

    mutating func setHosts(_ fullName: String?) throws -> StepResult<Never> {
        let short = String(decoding: try root.read("/etc/hostname") ?? [], as: UTF8.self).split(separator: "\n").first
        let names = [fullName, short.map(String.init)].compactMap(\.self)
        guard !names.isEmpty, names.allSatisfy(HostNames.isName) else {
            throw StageError(
                .impossible, "writing", "/etc/hosts", cause: "this machine has no name", remedy: "Give it a hostname.")
        }
        let hosts = try root.read("/etc/hosts") ?? []
        return changed(try root.rewrite(HostNames.own(hosts, names), to: "/etc/hosts"))
    }

    mutating func setKernelSetting(_ name: String, _ value: String) throws -> StepResult<Never> {
        guard root.isRunning else { throw StageError.onlyRunning("setting", name) }
        // As sysctl(8): with a slash in it dots belong to names.
        let path = name.utf8.contains(0x2F) ? name : String(name.map { $0 == "." ? "/" : $0 })
        let place = FilePath("/proc/sys").appending(path)
        guard place.starts(with: "/proc/sys"), !place.components.contains("..") else {
            throw StageError(
                .impossible, "setting", name, cause: "it is no setting of the kernel",
                remedy: "Write its name as 'sysctl -a' does.")
        }
        let old = try? FileBytes.read(place, limit: 4096)
        if let old, String(decoding: old, as: UTF8.self).split(separator: "\n").first.map(String.init) == value {
            return changed(false)
        }
        try SettingFile.write(value, to: place)
        return changed(true)
    }

    mutating func loadModule(_ module: String) throws -> StepResult<Never> {
        guard root.isRunning else { throw StageError.onlyRunning("loading the module", module) }
        let words = module.split(separator: " ").map(String.init)
        guard let name = words.first else { return changed(false) }
        let loaded = FilePath("/sys/module").appending(String(name.map { $0 == "-" ? "_" : $0 }))
        if try FileStatus.of(loaded) != nil { return changed(false) }
        try run("loading the module", name, "modprobe", words)
        return changed(true)
    }

    mutating func setTimeZone(_ zone: String) throws -> StepResult<Never> {
        let file = FilePath("/usr/share/zoneinfo").appending(zone)
        guard root.has(file) else {
            throw StageError(
                .impossible, "setting the time zone to", zone, cause: "the system has no \(file)",
                remedy: "Bring 'tzdata' with the image, or correct the name.")
        }
        var isChanged = try root.link("/etc/localtime", to: "..\(file)")
        if try root.rewrite(Array("\(zone)\n".utf8), to: "/etc/timezone") { isChanged = true }
        return changed(isChanged)
    }

    mutating func printMessage(_ text: String) -> StepResult<Never> {
        KernelLog(name: "lifeboot").write(text)
        return StepResult()
    }

    /// Runs a program to its end.
    ///
    /// - Parameter environment: `NAME=value` entries; nil passes ours on.
    /// - Throws: `StageError` with the end of what it said, when it does not succeed.
    func run(
        _ operation: String, _ subject: String, _ program: String, _ arguments: [String], environment: [String]? = nil
    ) throws {
        let outcome = try ChildProcess.run(
            program, arguments, environment: environment, output: .tail(atMost: 2048), errors: .tail(atMost: 2048),
            timeout: shell.timeout)
        guard !outcome.succeeded else { return }
        let said = String(decoding: outcome.standardError, as: UTF8.self).split(separator: "\n").suffix(3)
        throw StageError.program(operation, subject, "\(outcome.termination), \(said.joined(separator: " / "))")
    }
}

/// Changes the text of `/etc/hosts`.
package enum HostNames {
    /// Whether a text is a hostname as the kernel and the resolver take it (hostname(7)).
    package static func isName(_ name: String) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isLetter: (UInt8) -> Bool = {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        }
        return name.utf8.count <= 64
            && labels.allSatisfy { label in
                guard let first = label.utf8.first, let last = label.utf8.last else { return false }
                return isLetter(first) && isLetter(last)
                    && label.utf8.allSatisfy { isLetter($0) || $0 == 0x2D || $0 == 0x5F }
            }
    }

    /// Puts a name behind `127.0.0.1`, in place of the one that was put there before; other names of the line stay.
    package static func local(_ old: [UInt8], _ name: String) -> [UInt8] {
        changed(old, address: "127.0.0.1", mark: "# lifeboot: hostname") { others in
            ["localhost"] + others.filter { $0 != "localhost" && $0 != name } + [name]
        }
    }

    /// Gives the machine a line of its own, as Debian does (127.0.1.1).
    package static func own(_ old: [UInt8], _ names: [String]) -> [UInt8] {
        changed(old, address: "127.0.1.1", mark: "# lifeboot: names") { _ in
            names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        }
    }

    /// Changes the line that has our mark where it stands, or adds one; lines of others stay as they are.
    private static func changed(
        _ old: [UInt8], address: String, mark: String, _ names: ([String]) -> [String]
    ) -> [UInt8] {
        var lines = String(decoding: old, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
        let place = lines.firstIndex { $0.hasSuffix(mark) } ?? lines.count
        lines.removeAll { $0.hasSuffix(mark) }
        let others = lines.filter { $0.split(whereSeparator: isBlank).first.map(String.init) == address }
            .flatMap { $0.split(whereSeparator: isBlank).dropFirst().prefix { !$0.hasPrefix("#") }.map(String.init) }
        lines.insert("\(address) \(names(others).joined(separator: " ")) \(mark)", at: place)
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
}

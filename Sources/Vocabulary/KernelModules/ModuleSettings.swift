/// What the machine's owner says about modules: in files of modprobe.d(5), and on the kernel's command line.
package struct ModuleSettings: Equatable, Sendable {
    /// Modules that no device brings in; by name, and as a dependency, they still are.
    package private(set) var blacklist: Set<ModuleName> = []
    /// Modules that are never loaded: `install NAME /bin/false`.
    package private(set) var disabled: Set<ModuleName> = []
    /// What is asked for before any device is looked at, by `rd.driver.pre=`: names or aliases.
    package private(set) var first: [String] = []
    private var options: [ModuleName: [String]] = [:]

    /// No settings.
    package init() {}

    /// The parameters with which a module is loaded, as one text; the command line's come last, and so count.
    package func parameters(of module: ModuleName) -> String { (options[module] ?? []).joined(separator: " ") }

    /// Reads a file of modprobe.d(5): `blacklist`, `options`, and `install` with a program that does nothing.
    ///
    /// Other programs cannot run in this initramfs, and are told as problems.
    ///
    /// - Returns: what is not followed, one line each.
    package mutating func add(configuration text: [UInt8]) -> [String] {
        var problems: [String] = []
        for words in Self.lines(text) where words.count >= 2 {
            let module = ModuleName(words[1])
            switch words[0] {
            case "blacklist": blacklist.insert(module)
            case "options": options[module, default: []] += words.dropFirst(2)
            case "install" where words.count == 3 && Self.nothing.contains(words[2]): disabled.insert(module)
            case "install": problems.append("\(words.joined(separator: " ")): no program is run to load a module")
            default: break
            }
        }
        return problems
    }

    /// Reads words of the command line: `module_blacklist=`, `modprobe.blacklist=`, `rd.driver.blacklist=`,
    /// `rd.driver.pre=`, and `NAME.PARAMETER=`, which the kernel itself gives only to what is built in.
    package mutating func add(word name: String, _ value: String?) {
        switch name {
        case "module_blacklist", "modprobe.blacklist", "rd.driver.blacklist":
            blacklist.formUnion(Self.list(value).map { ModuleName($0) })
        case "rd.driver.pre": first += Self.list(value)
        default:
            let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !Self.foreign.contains(String(parts[0]))
            else { return }
            let quoted = value.map { $0.contains(" ") ? "\"\($0)\"" : $0 }
            options[ModuleName(parts[0]), default: []].append(parts[1] + (quoted.map { "=" + $0 } ?? ""))
        }
    }

    /// Programs of `install` lines that only keep a module out.
    private static let nothing: Set = ["/bin/false", "/bin/true", "/usr/bin/false", "/usr/bin/true", "/sbin/nologin"]
    /// What stands before the dot of words that are for programs and not for modules.
    private static let foreign: Set = ["rd", "systemd", "lifeboot", "fsck", "luks", "udev", "net", "quota"]

    private static func list(_ value: String?) -> [String] {
        (value ?? "").split(separator: ",").map(String.init)
    }

    /// The words of each line that is no comment; a line that ends with a backslash goes on in the next.
    private static func lines(_ text: [UInt8]) -> [[String]] {
        var lines: [[String]] = [[]]
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let goesOn = line.last == UInt8(ascii: "\\")
            let words = line.dropLast(goesOn ? 1 : 0).split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            lines[lines.count - 1] += words.map { String(decoding: $0, as: UTF8.self) }
            if !goesOn { lines.append([]) }
        }
        return lines.filter { $0.first?.utf8.first != UInt8(ascii: "#") }
    }
}

/// What depmod(8) knows of the modules of one kernel, read from its text files in `/lib/modules/RELEASE`.
package struct ModuleIndex: Equatable, Sendable {
    /// A module that is there as a file.
    package struct Entry: Equatable, Sendable {
        /// Its file, below the folder of the kernel's modules.
        package let file: String
        /// All modules whose symbols it uses, and theirs, in the order of `modules.dep`: what others use stands behind them.
        package let dependencies: [ModuleName]
    }

    /// A line of `modules.alias`, or of a file of settings.
    struct Alias: Equatable, Sendable {
        let pattern: AliasPattern
        let module: ModuleName
    }

    /// The modules that are there as files (`modules.dep`).
    package private(set) var modules: [ModuleName: Entry] = [:]
    /// The modules that are parts of the kernel's own file (`modules.builtin`).
    package private(set) var builtin: Set<ModuleName> = []
    /// What is loaded before and after a module where it is there (`modules.softdep`): names or aliases.
    private(set) var softDependencies: [ModuleName: SoftDependencies] = [:]
    /// Aliases without patterns, by their text.
    private var names: [String: [ModuleName]] = [:]
    /// Aliases with patterns, by what stands before their first colon.
    private var patterns: [[UInt8]: [Alias]] = [:]

    /// An index of no module.
    package init() {}

    /// Reads `modules.dep`; a line that is none is passed over.
    package mutating func addDependencies(_ text: [UInt8]) {
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let end = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
            guard let name = ModuleName(file: line[..<end]) else { continue }
            let needed = line[end...].dropFirst().split(separator: UInt8(ascii: " "))
            modules[name] = Entry(
                file: String(decoding: line[..<end], as: UTF8.self),
                dependencies: needed.compactMap { ModuleName(file: $0) })
        }
    }

    /// Reads `modules.builtin`, which has one file's name a line.
    package mutating func addBuiltin(_ text: [UInt8]) {
        builtin.formUnion(text.split(separator: UInt8(ascii: "\n")).compactMap { ModuleName(file: $0) })
    }

    /// Reads `modules.alias` or `modules.softdep`, or lines of modprobe.d(5) of these kinds; others are passed over.
    package mutating func addLines(_ text: [UInt8]) {
        let (alias, soft) = (Array("alias".utf8), Array("softdep".utf8))
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard words.count >= 3 else { continue }
            if words[0].elementsEqual(alias) {
                add(alias: words[1], of: ModuleName(bytes: words[2]))
            } else if words[0].elementsEqual(soft) {
                let texts = words.dropFirst(2).map { String(decoding: $0, as: UTF8.self) }
                softDependencies[ModuleName(bytes: words[1]), default: SoftDependencies()].add(texts)
            }
        }
    }

    private mutating func add(alias: ArraySlice<UInt8>, of module: ModuleName) {
        let pattern = AliasPattern(bytes: alias)
        if let text = pattern.literal {
            names[text, default: []].append(module)
        } else {
            patterns[Self.kind(of: alias), default: []].append(Alias(pattern: pattern, module: module))
        }
    }

    /// The modules that are for an alias, in the order of the files, each once.
    package func modules(for alias: String) -> [ModuleName] {
        let bytes = alias.utf8.map(ModuleName.normalized)
        var found = names[String(decoding: bytes, as: UTF8.self)] ?? []
        let kind = Self.kind(of: bytes[...])
        for kind in kind.isEmpty ? [kind] : [kind, []] {
            for candidate in patterns[kind] ?? [] where candidate.pattern.matches(normalized: bytes) {
                found.append(candidate.module)
            }
        }
        var seen: Set<ModuleName> = []
        return found.filter { seen.insert($0).inserted }
    }

    /// What stands before the first colon, which few patterns leave open: `pci`, `virtio`, `cpu`; empty when one does.
    private static func kind(of alias: ArraySlice<UInt8>) -> [UInt8] {
        guard let end = alias.firstIndex(of: UInt8(ascii: ":")) else { return [] }
        let open = Array("*?[".utf8)
        return alias[..<end].contains(where: open.contains) ? [] : alias[..<end].map(ModuleName.normalized)
    }
}

/// What a module is better with: names or aliases of modules, which may be missing.
package struct SoftDependencies: Equatable, Sendable {
    /// What is loaded before.
    package private(set) var before: [String] = []
    /// What is loaded after.
    package private(set) var after: [String] = []

    /// Reads what follows the module's name: `pre: a b post: c`; words before either count nothing (kmod, `libkmod-config.c`).
    mutating func add(_ words: [String]) {
        var place: WritableKeyPath<Self, [String]>?
        for word in words {
            switch word {
            case "pre:": place = \.before
            case "post:": place = \.after
            default: if let place { self[keyPath: place].append(word) }
            }
        }
    }
}

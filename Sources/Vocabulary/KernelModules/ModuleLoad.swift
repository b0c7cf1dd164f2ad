/// One module to load.
package struct ModuleLoad: Equatable, Sendable {
    /// Its name.
    package let name: ModuleName
    /// Its file, below the folder of the kernel's modules.
    package let file: String
    /// Its parameters, as one text.
    package let parameters: String
    /// Whether what asked for it can do without it: a soft dependency, or one of several modules of an alias.
    package fileprivate(set) var isOptional: Bool

    /// Makes a load.
    package init(name: ModuleName, file: String, parameters: String = "", isOptional: Bool) {
        self.name = name
        self.file = file
        self.parameters = parameters
        self.isOptional = isOptional
    }
}

/// What has to be loaded for a request, or why nothing can be.
package enum ModuleAnswer: Equatable, Sendable {
    /// These, in this order; none when all of it is built in.
    case load([ModuleLoad])
    /// No module of the kernel has this name or alias.
    case unknown
    /// The settings keep it out.
    case disabled
}

/// Answers requests for modules from an index and the owner's settings.
package struct ModuleResolver: Equatable, Sendable {
    /// What there is.
    package let index: ModuleIndex
    /// What the owner says.
    package let settings: ModuleSettings

    /// Joins them.
    package init(_ index: ModuleIndex, _ settings: ModuleSettings) {
        self.index = index
        self.settings = settings
    }

    /// What is loaded when somebody asks for a module by its name, or by an alias as the kernel does.
    package func answer(_ request: String) -> ModuleAnswer {
        let name = ModuleName(request)
        if settings.disabled.contains(name) { return .disabled }
        if index.modules[name] != nil { return .load(closure([name])) }
        if index.builtin.contains(name) { return .load([]) }
        let candidates = index.modules(for: request).filter { !settings.blacklist.contains($0) }
        guard !candidates.isEmpty else { return .unknown }
        return .load(closure(candidates))
    }

    /// What is loaded for the devices of these aliases; devices without a driver bring in nothing.
    package func drivers(for aliases: [String]) -> [ModuleLoad] {
        let wanted = aliases.flatMap { index.modules(for: $0) }.filter { !settings.blacklist.contains($0) }
        var walk = Walk(self)
        for module in wanted { walk.add(module, isOptional: true) }
        return walk.loads
    }

    /// The modules with all that they need, in the order of loading; of several each may fail, for one is enough.
    private func closure(_ modules: [ModuleName]) -> [ModuleLoad] {
        var walk = Walk(self)
        for module in modules { walk.add(module, isOptional: modules.count > 1) }
        return walk.loads
    }

    /// Puts modules behind what they need, each once.
    private struct Walk {
        let resolver: ModuleResolver
        var loads: [ModuleLoad] = []
        private var seen: [ModuleName: Int] = [:]

        init(_ resolver: ModuleResolver) { self.resolver = resolver }

        mutating func add(_ module: ModuleName, isOptional: Bool) {
            guard let entry = resolver.index.modules[module] else { return }
            for needed in entry.dependencies.reversed() { addOne(needed, isOptional: isOptional) }
            addOne(module, isOptional: isOptional)
        }

        /// One module between what it is better with before and after it.
        private mutating func addOne(_ module: ModuleName, isOptional: Bool) {
            guard !resolver.settings.disabled.contains(module), let entry = resolver.index.modules[module] else {
                return
            }
            if let place = seen[module] {
                // What one can do without, another cannot; a place of -1 is before those that are being added.
                if place >= 0, !isOptional { loads[place].isOptional = false }
                return
            }
            seen[module] = -1
            let soft = resolver.index.softDependencies[module] ?? SoftDependencies()
            for request in soft.before { addSoft(request) }
            seen[module] = loads.count
            loads.append(
                ModuleLoad(
                    name: module, file: entry.file, parameters: resolver.settings.parameters(of: module),
                    isOptional: isOptional))
            for request in soft.after { addSoft(request) }
        }

        /// All candidates of a soft dependency: which of them this processor takes, only trying tells.
        private mutating func addSoft(_ request: String) {
            let name = ModuleName(request)
            let candidates = resolver.index.modules[name] != nil ? [name] : resolver.index.modules(for: request)
            for candidate in candidates { add(candidate, isOptional: true) }
        }
    }
}

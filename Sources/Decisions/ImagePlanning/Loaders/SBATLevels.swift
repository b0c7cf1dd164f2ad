/// What programs for UEFI say of their generation, by which shim refuses those with known holes
/// (<https://github.com/rhboot/shim/blob/main/SBAT.md>).
package struct SBATLevels: Equatable, Sendable {
    /// The generation of each component.
    package var generations: [String: Int]

    /// Reads lines of a component, a generation, and words that count for nothing; other lines are passed over.
    package init(parsing text: some Sequence<UInt8>) {
        generations = [:]
        for line in String(decoding: text.prefix { $0 != 0 }, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            if fields.count > 1, let generation = Int(fields[1]) { generations[String(fields[0])] = generation }
        }
    }

    /// What a program says of itself; nothing when it says nothing.
    package init(of program: EFIProgram) { self.init(parsing: program.section(".sbat") ?? []) }

    /// What shim makes a machine ask of every program from then on, unless somebody asks for more; nil when it asks for
    /// nothing by itself.
    ///
    /// The section has a version, where the two lists of lines are, counted from behind it, and the lines: those that count
    /// by themselves come first.
    package init?(demandedBy shim: EFIProgram) {
        guard let section = shim.section(".sbatlevel"), EFIProgram.number(section, 0, 4) == 0,
            let offset = EFIProgram.number(section, 4, 4)
        else { return nil }
        self.init(parsing: section.dropFirst(4 + offset))
    }

    /// The components of a demand that are older here than it asks for, in words.
    ///
    /// What is not here is not asked for. `sbat` itself is the date of the list.
    package func shortfalls(of demand: SBATLevels) -> [String] {
        demand.generations.sorted { $0.key < $1.key }.compactMap { name, asked in
            guard name != "sbat", let own = generations[name], own < asked else { return nil }
            return "\(name) \(own), not \(asked)"
        }
    }
}

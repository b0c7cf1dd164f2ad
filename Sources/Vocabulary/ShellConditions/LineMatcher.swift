/// A step of a pattern's program; distances are from the step itself.
enum PatternInstruction: Equatable, Sendable {
    case any
    case one(of: ASCIISet)
    case lineStart, lineEnd
    case split(Int, Int)
}

/// Follows all ways through a pattern at once, so that time is bounded by length times size (Thompson 1968).
struct LineMatcher {
    private let program: [PatternInstruction]
    private var states: [Int] = []
    /// For each step, the number of the round that it was last reached in; the last entry is the end of the program.
    private var reached: [Int]
    private var round = 0
    private var pending: [Int] = []

    init(_ program: [PatternInstruction]) {
        self.program = program
        reached = Array(repeating: 0, count: program.count + 1)
    }

    /// Whether a part of the line matches, or all of it.
    mutating func matches(_ line: ArraySlice<UInt8>, wholly: Bool) -> Bool {
        states = []
        for index in line.startIndex...line.endIndex {
            let steps = states
            round += 1
            states = []
            if index == line.startIndex || !wholly { follow(0, at: index, of: line) }
            for step in steps where index > line.startIndex && accepts(step, line[index - 1]) {
                follow(step + 1, at: index, of: line)
            }
            if reached[program.count] == round, !wholly || index == line.endIndex { return true }
        }
        return false
    }

    private func accepts(_ step: Int, _ byte: UInt8) -> Bool {
        switch program[step] {
        case .any: true
        case .one(let set): set.contains(byte)
        case .lineStart, .lineEnd, .split: false
        }
    }

    /// Marks a step, and all that it leads to without a byte.
    private mutating func follow(_ first: Int, at index: Int, of line: ArraySlice<UInt8>) {
        pending.append(first)
        while let step = pending.popLast() {
            guard reached[step] != round else { continue }
            reached[step] = round
            guard step < program.count else { continue }
            switch program[step] {
            case .any, .one: states.append(step)
            case .lineStart: if index == line.startIndex { pending.append(step + 1) }
            case .lineEnd: if index == line.endIndex { pending.append(step + 1) }
            case .split(let one, let other): pending += [step + one, step + other]
            }
        }
    }
}

/// A condition as a tree; long chains are lists, so that its depth is that of the groups.
indirect enum ConditionNode: Equatable, Sendable {
    case constant(Bool)
    case test(TestExpression)
    case search(FileSearch)
    case not(ConditionNode)
    case chain(ConditionNode, [ConditionLink])

    /// Whether it succeeds; nil when it is not known.
    func holds(in files: some ConditionFiles) -> Bool? {
        switch self {
        case .constant(let value): value
        case .test(let expression): expression.holds(in: files)
        case .search(let search): search.succeeds(in: files)
        case .not(let node): node.holds(in: files).map { !$0 }
        case .chain(let first, let links): Self.holds(first, links, in: files)
        }
    }

    /// What is not known does not matter when the other side decides: no side changes anything.
    private static func holds(
        _ first: ConditionNode, _ links: [ConditionLink], in files: some ConditionFiles
    ) -> Bool? {
        var value = first.holds(in: files)
        for link in links where value != !link.isAnd {
            let other = link.node.holds(in: files)
            value = other == !link.isAnd || value != nil ? other : nil
        }
        return value
    }
}

/// A condition after `&&` or `||`.
struct ConditionLink: Equatable, Sendable {
    var isAnd: Bool
    var node: ConditionNode
}

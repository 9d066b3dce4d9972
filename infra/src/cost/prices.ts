/** What AWS asks, in US dollars: list prices of one region, without free tiers, discounts and taxes. */
export interface Prices {
  dynamodb: { writeMillion: number; readMillion: number; storageGb: number; recoveryGb: number };
  lambda: { requestMillion: number; gbSecond: number };
  fargate: { vcpuHour: number; gbHour: number };
  loadBalancer: { hour: number; capacityUnitHour: number };
  nat: { hour: number; gb: number };
  aurora: { acuHour: number; storageGb: number; ioMillion: number };
  cloudFront: { gb: number; requestMillion: number };
  cognito: { activeUser: number };
  cloudWatch: { logGb: number; alarm: number; dashboard: number };
  secret: number;
}

/**
 * Of us-east-1, on-demand and arm64, to three digits. They change, and other regions ask up to a third more: look them up
 * before you decide anything by them.
 */
export const LIST_PRICES: Prices = {
  dynamodb: { writeMillion: 0.625, readMillion: 0.125, storageGb: 0.25, recoveryGb: 0.2 },
  lambda: { requestMillion: 0.2, gbSecond: 0.0000133 },
  fargate: { vcpuHour: 0.0324, gbHour: 0.00356 },
  loadBalancer: { hour: 0.0225, capacityUnitHour: 0.008 },
  nat: { hour: 0.045, gb: 0.045 },
  aurora: { acuHour: 0.12, storageGb: 0.1, ioMillion: 0.2 },
  // The dearest step; a large customer pays a quarter of it.
  cloudFront: { gb: 0.085, requestMillion: 1 },
  // The plan with threat protection, Plus. Without it, Essentials asks 0.015.
  cognito: { activeUser: 0.02 },
  cloudWatch: { logGb: 0.5, alarm: 0.1, dashboard: 3 },
  secret: 0.4,
};

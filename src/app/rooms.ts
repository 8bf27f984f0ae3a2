// The rooms of the page, in the order of their tabs. A room is loaded when it is first opened.
import type { Component } from 'svelte';
import BookA from '@lucide/svelte/icons/book-a';
import Boxes from '@lucide/svelte/icons/boxes';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import GraduationCap from '@lucide/svelte/icons/graduation-cap';
import NotebookPen from '@lucide/svelte/icons/notebook-pen';

export interface Room {
  /** Its address is `#` + id. */
  id: string;
  name: string;
  icon: Component<{ size?: number }>;
  load: () => Promise<{ default: Component }>;
}

export const rooms: readonly [Room, ...Room[]] = [
  { id: 'ask', name: 'Ask', icon: NotebookPen, load: () => import('./ask/Ask.svelte') },
  {
    id: 'evaluate',
    name: 'Evaluate',
    icon: ChartColumn,
    load: () => import('./evaluate/Evaluate.svelte'),
  },
  {
    id: 'fine-tune',
    name: 'Fine-tune',
    icon: GraduationCap,
    load: () => import('./finetune/FineTune.svelte'),
  },
  { id: 'lexicon', name: 'Lexicon', icon: BookA, load: () => import('./lexicon/Lexicon.svelte') },
  { id: 'models', name: 'Models', icon: Boxes, load: () => import('./models/Models.svelte') },
];
